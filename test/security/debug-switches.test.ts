import { expect, it } from 'vitest'
import { debugSwitchOf } from '../../src/main/desktop/debug-switches.ts'
import { readShellOptions } from '../../src/main/desktop/options.ts'

it.each([
  ['--inspect', '--inspect'],
  ['--inspect=0', '--inspect'],
  ['--inspect-brk=127.0.0.1:9229', '--inspect-brk'],
  ['--inspect-port=1', '--inspect-port'],
  ['-inspect', '--inspect'],
  ['/inspect', '--inspect'],
  ['--remote-debugging-port=9222', '--remote-debugging-port'],
  ['--REMOTE-DEBUGGING-PORT=9222', '--remote-debugging-port'],
  ['--remote-debugging-pipe', '--remote-debugging-pipe'],
  ['-remote-debugging-address=0.0.0.0', '--remote-debugging-address'],
  ['--remote-allow-origins=*', '--remote-allow-origins'],
  ['--js-flags=--expose-gc', '--js-flags'],
  ['--load-extension=/x', '--load-extension'],
  ['--disable-web-security', '--disable-web-security'],
  ['--debug-brk', '--debug-brk'],
])('%s is seen as %s', (given, name) => {
  expect(debugSwitchOf(['--data-dir', '/x', given])).toBe(name)
})

it.each(['--data-dir', '--no-sandbox', '--inspector', '--remote', '/home/inspect/list.csv', '--selftest'])(
  '%s is no such switch',
  given => {
    expect(debugSwitchOf([given])).toBeNull()
  },
)

it('reads its own options, and says what it does not know', () => {
  expect(readShellOptions([])).toEqual({ mode: 'window', dataDir: undefined, unknown: [] })
  expect(readShellOptions(['--no-sandbox', '--selftest', '--data-dir=/x'])).toMatchObject({
    mode: 'selftest',
    dataDir: '/x',
  })
  expect(readShellOptions(['--headless', '--data-dir', '/y'])).toMatchObject({ mode: 'headless', dataDir: '/y' })
  expect(readShellOptions(['serve']).unknown).toEqual(['serve'])
})
