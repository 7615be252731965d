import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  NOTHING_REMEMBERED,
  openPreferences,
  type Preferences,
  type Remembered,
} from '../../../src/main/desktop/preferences.ts'
import { temporaryFolder } from '../../support/folder.ts'

const PLACE = { x: 10, y: -20, width: 1000, height: 700, maximized: false }

function opened(folder = temporaryFolder('preferences')) {
  const failures: unknown[] = []
  const open = () => openPreferences(folder, error => failures.push(error))
  return { folder, file: join(folder, 'window.json'), failures, open, preferences: open() }
}

function all(preferences: Preferences): Remembered {
  const keys = Object.keys(NOTHING_REMEMBERED) as (keyof Remembered)[]
  return Object.fromEntries(keys.map(key => [key, preferences.get(key)])) as unknown as Remembered
}

describe('what the window remembers', () => {
  it('is nothing at first, and is there at the next start', () => {
    const { folder, file, open, preferences } = opened()
    expect(all(preferences)).toEqual(NOTHING_REMEMBERED)
    expect(preferences.set('place', PLACE)).toBe(true)
    expect(preferences.set('locked', true)).toBe(true)
    expect(preferences.set('sealedSession', 'c2VhbGVk')).toBe(true)
    expect(all(open())).toEqual({ ...NOTHING_REMEMBERED, place: PLACE, locked: true, sealedSession: 'c2VhbGVk' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['window.json'])
  })

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '{"place":{"x":1}}',
    '{"place":5,"sealedSession":7,"locked":"yes","closeToTray":1}',
  ])('gives way to the defaults where it is damaged: %s', text => {
    const { file, open } = opened()
    writeFileSync(file, text)
    expect(all(open())).toEqual(NOTHING_REMEMBERED)
  })

  it('loses one damaged value and keeps the others', () => {
    const { file, open } = opened()
    writeFileSync(file, JSON.stringify({ place: { ...PLACE, width: 'wide' }, locked: true, notifications: false }))
    expect(all(open())).toEqual({ ...NOTHING_REMEMBERED, locked: true, notifications: false })
  })

  it('holds for this run where nothing can be written, says so, and leaves the file as it was', () => {
    const { folder, file, failures, open, preferences } = opened()
    preferences.set('closeToTray', true)
    const before = readFileSync(file, 'utf8')
    mkdirSync(`${file}.part`)
    expect(preferences.set('locked', true)).toBe(false)
    expect(preferences.get('locked')).toBe(true)
    expect(failures).toHaveLength(1)
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(open().get('locked')).toBe(false)
    rmSync(folder, { recursive: true })
    expect(preferences.set('closeToTray', false)).toBe(true)
    expect(all(open())).toMatchObject({ locked: true, closeToTray: false })
  })
})
