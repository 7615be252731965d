/** `npm start`: opens the application from the sources, where an Electron and a display exist. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const HEADLESS = 'Without a window the hub runs with: npm run serve'

const program = electronProgram()
if (program === null) stop(`There is no Electron here: fetch it with npx install-electron. ${HEADLESS}`)
if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
  stop(`There is no display here, so no window can be opened. ${HEADLESS}`)
}
if (
  !existsSync('out/hub/desktop.mjs') ||
  !existsSync('out/preload/preload.cjs') ||
  !existsSync('out/renderer/index.html')
) {
  const { status } = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' })
  if (status !== 0) stop('The application could not be built.')
}
const child = spawn(program, ['.', ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('error', error => stop(`Electron does not start: ${error.message}. ${HEADLESS}`))
child.on('exit', code => process.exit(code ?? 1))

/** The Electron that was fetched for this checkout, or the one of ELECTRON_OVERRIDE_DIST_PATH. */
function electronProgram(): string | null {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? resolve('node_modules/electron/dist')
  const note = resolve('node_modules/electron/path.txt')
  const usual = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as 'darwin']
  const names = [existsSync(note) ? readFileSync(note, 'utf8').trim() : null, usual ?? 'electron']
  const paths = names.filter(name => name !== null).map(name => join(folder, name))
  return paths.find(path => existsSync(path)) ?? null
}

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
