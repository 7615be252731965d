import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/** A program that tests run: on the PATH, or out of a package that is unpacked and not installed. */
export interface Program {
  /** The program and what comes before its own arguments. */
  readonly command: readonly [string, ...string[]]
  /** What its environment needs besides. */
  readonly env: Readonly<Record<string, string>>
  /** Where its package was unpacked; null: it is installed. */
  readonly root: string | null
}

interface Wanted {
  readonly packages: readonly string[]
  readonly path: string
  /** A script, and what runs it. */
  readonly interpreter?: string
}

const PROGRAMS = {
  nginx: { packages: ['nginx'], path: 'usr/sbin/nginx' },
  htpasswd: { packages: ['apache2-utils'], path: 'usr/bin/htpasswd' },
  'fail2ban-regex': { packages: ['fail2ban'], path: 'usr/bin/fail2ban-regex', interpreter: 'python3' },
} as const satisfies Record<string, Wanted>

/** Packages of libraries that may be missing beside those programs. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'libapr-1.so.0': 'libapr1',
  'libaprutil-1.so.0': 'libaprutil1',
  'libpcre2-8.so.0': 'libpcre2-8-0',
  'libcrypt.so.1': 'libcrypt1',
}

const CACHE = resolve('node_modules/.cache/debian')

/**
 * Finds a program, or gets its Debian package for the tests. Null where neither can be done: then tests that need it are
 * skipped, and this has said so in a line.
 */
export function debianProgram(name: keyof typeof PROGRAMS): Program | null {
  const installed = onPath(name)
  if (installed) return { command: [installed], env: {}, root: null }
  try {
    return unpacked(name)
  } catch (error) {
    console.warn(
      `Tests with ${name} are skipped: it is not installed, and its package cannot be had (${(error as Error).message})`,
    )
    return null
  }
}

function unpacked(name: keyof typeof PROGRAMS): Program {
  const { packages, path, interpreter }: Wanted = PROGRAMS[name]
  const root = join(CACHE, name)
  if (!existsSync(join(root, path))) fetchInto(root, packages, path)
  const program = join(root, path)
  if (interpreter) {
    const runner = onPath(interpreter)
    if (!runner) throw new Error(`${interpreter} is missing`)
    return { command: [runner, program], env: { PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') }, root }
  }
  const libraries = join(root, 'usr/lib')
  const folders = existsSync(libraries)
    ? readdirSync(libraries)
        .filter(folder => folder.includes('linux-gnu'))
        .map(folder => join(libraries, folder))
    : []
  return { command: [program], env: folders.length > 0 ? { LD_LIBRARY_PATH: folders.join(':') } : {}, root }
}

/** Several test files may want the same at once: each makes its own folder ready, and the first one's is taken. */
function fetchInto(root: string, packages: readonly string[], path: string): void {
  mkdirSync(CACHE, { recursive: true })
  const work = mkdtempSync(join(CACHE, 'getting-'))
  try {
    const into = join(work, 'root')
    download(work, packages, into)
    const missing = missingLibraries(join(into, path))
    if (missing.length > 0) download(work, missing, into)
    try {
      renameSync(into, root)
    } catch (error) {
      if (!existsSync(join(root, path))) throw error
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function download(work: string, packages: readonly string[], into: string): void {
  const folder = mkdtempSync(join(work, 'packages-'))
  run('apt-get', ['-qq', 'download', ...packages], folder)
  for (const file of readdirSync(folder)) run('dpkg-deb', ['-x', join(folder, file), into], folder)
}

function missingLibraries(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' })
  return [...(stdout ?? '').matchAll(/(\S+) => not found/g)].map(match => {
    const found = LIBRARIES[match[1]!]
    if (!found) throw new Error(`${match[1]} is missing`)
    return found
  })
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 60_000 })
  if (error) throw new Error(`${command}: ${error.message}`)
  if (status !== 0) throw new Error(`${command}: ${stderr.trim().split('\n').at(-1) ?? ''}`)
}

function onPath(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  for (const folder of folders.filter(one => one !== '')) {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return join(folder, name)
    } catch {
      // The next one.
    }
  }
  return null
}
