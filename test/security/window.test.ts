import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { prepareApp } from '../../src/main/desktop/prepare.ts'
import { webPreferences, windowOptions } from '../../src/main/desktop/window-options.ts'
import { where } from './kit.ts'

describe('the window', () => {
  it('is a page like any other: these options and no others', () => {
    expect(webPreferences('/x/preload.cjs', true)).toEqual({
      preload: '/x/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      spellcheck: false,
      devTools: false,
    })
    expect(webPreferences('', false).devTools).toBe(true)
  })

  it('is the only kind of page that is made', () => {
    expect(where(/new (electron\.)?(BrowserWindow|BrowserView|WebContentsView)\b/)).toEqual([
      'src/main/desktop/opening.ts',
    ])
    expect(where(/webPreferences\s*:/)).toEqual(['src/main/desktop/window-options.ts'])
  })

  it('comes back where it was, unless no screen shows that place any more', () => {
    const given = {
      preload: '',
      icon: '',
      packaged: true,
      dark: false,
      screens: [{ x: 0, y: 0, width: 1920, height: 1080 }],
    }
    const place = { x: 100, y: 50, width: 1000, height: 700, maximized: false }
    expect(windowOptions({ ...given, place })).toMatchObject({ x: 100, y: 50, width: 1000, height: 700 })
    const away = windowOptions({ ...given, place: { ...place, x: 4000 } })
    expect(away).not.toHaveProperty('x')
    expect(away.width).toBeGreaterThan(1000)
    expect(windowOptions({ ...given, place: null }).show).toBe(false)
  })
})

describe('before Electron is ready', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  function prepared(isRoot: boolean, noSandbox: boolean): { calls: string[]; schemes: unknown[] } {
    const dataFolder = mkdtempSync(join(tmpdir(), 'cc-prepare-'))
    folders.push(dataFolder)
    const calls: string[] = []
    const schemes: unknown[] = []
    prepareApp({
      app: {
        setName: () => void calls.push('setName'),
        setPath: name => void calls.push(`setPath ${name}`),
        enableSandbox: () => void calls.push('enableSandbox'),
        commandLine: { hasSwitch: name => noSandbox && name === 'no-sandbox' },
      },
      protocol: {
        registerSchemesAsPrivileged: given => {
          calls.push('registerSchemesAsPrivileged')
          schemes.push(...given)
        },
      },
      ...{ dataFolder, isRoot },
    })
    return { calls, schemes }
  }

  it('the sandbox is on for every page, and the scheme has three rights', () => {
    const { calls, schemes } = prepared(false, false)
    expect(calls).toEqual([
      'setName',
      'setPath userData',
      'setPath sessionData',
      'enableSandbox',
      'registerSchemesAsPrivileged',
    ])
    expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
  })

  it('only root can leave the sandbox out, and has to say so', () => {
    expect(prepared(false, true).calls).toContain('enableSandbox')
    expect(prepared(true, false).calls).toContain('enableSandbox')
    expect(prepared(true, true).calls).not.toContain('enableSandbox')
  })

  it('the entry does it before anything can be awaited', () => {
    const entry = readFileSync('src/main/index.ts', 'utf8')
    expect(entry).not.toMatch(/\bawait\b(?!ed)/)
    expect(entry.indexOf('prepareApp(')).toBeLessThan(entry.indexOf('runDesktop({'))
    expect(where(/whenReady/)).toEqual(['src/main/desktop/run.ts'])
  })
})
