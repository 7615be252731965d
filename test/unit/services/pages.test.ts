import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { NONCE_MARK, readPages } from '../../../src/main/services/pages.ts'
import { temporaryFolder } from '../../support/folder.ts'

function built(): string {
  const folder = temporaryFolder('pages')
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), `<meta nonce="${NONCE_MARK}"><script src="./assets/a-1.js"></script>`)
  writeFileSync(join(folder, 'assets/a-1.js'), 'one')
  writeFileSync(join(folder, 'assets/b-2.css'), 'two')
  writeFileSync(join(folder, 'assets/notes.txt'), 'of no kind that pages have')
  return folder
}

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) }

it('has every file of the build by its path, with a number of its own in each page', () => {
  const pages = readPages(random, built())
  expect([...pages.others.keys()].sort()).toEqual(['/assets/a-1.js', '/assets/b-2.css'])
  const { html, nonce } = pages.index()
  expect(html).toContain(`nonce="${nonce}"`)
  const [script, style] = ['/assets/a-1.js', '/assets/b-2.css'].map(path => pages.others.get(path)!)
  expect([script!.bytes.toString(), script!.type]).toEqual(['one', 'text/javascript; charset=utf-8'])
  expect(style!.tag).toMatch(/^"[\w-]{22}"$/)
  expect(style!.tag).not.toBe(script!.tag)
})

it('goes on with what it has read when another build takes its place', () => {
  const folder = built()
  const pages = readPages(random, folder)
  pages.readRest()
  rmSync(folder, { recursive: true })
  expect(pages.others.get('/assets/b-2.css')!.bytes.toString()).toBe('two')
  expect(pages.index().html).toContain('a-1.js')
})
