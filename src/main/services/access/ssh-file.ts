import { createHash } from 'node:crypto'
import { type Finished, runProgram } from './command.ts'
import { decodeFile, encodeFile, FileChanged, FileProblem, type PasswordFile } from './password-file.ts'

/** For one command on another computer, in ms. */
const TIMEOUT_MS = 30_000
/** Exit codes of the scripts, away from those of shells and ssh. */
const NO_FILE = 81
const CHANGED = 82
const BUSY = 83
const OWNER = 84
const NO_SUM = 85

/** Asks for nothing, since nobody is there to answer, and takes no host whose key is not known. */
const OPTIONS = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'ClearAllForwardings=yes'] as const

/** Whether a text can be given to ssh as a destination: `host`, `user@host`, or a name of its configuration. */
export function isSshHost(host: string): boolean {
  return /^(?!-)(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(host)
}

/**
 * The arguments of a command on another computer. ssh hands one line to a shell there, so each word stands in single
 * quotes, in which nothing has a meaning but the quote itself.
 */
export function sshCommand(host: string, command: readonly string[]): [string, ...string[]] {
  if (!isSshHost(host)) throw new FileProblem(`"${host}" is no destination for ssh.`)
  return ['ssh', ...OPTIONS, '--', host, command.map(quoted).join(' ')]
}

export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

const SUM = `sum() { if command -v sha256sum >/dev/null 2>&1; then sha256sum; elif command -v shasum >/dev/null 2>&1; then shasum -a 256; else exit ${NO_SUM}; fi | cut -c1-64; }`

const READ = `[ -e "$1" ] || exit ${NO_FILE}; [ -f "$1" ] || { echo "no file" >&2; exit 1; }; cat -- "$1"`

/** $1: the file. $2: the sum of what was read, or "none". Standard input: the new text. */
const WRITE = `set -eu
${SUM}
f=$(readlink -f -- "$1")
mkdir -- "$f.lock" 2>/dev/null || { find "$f.lock" -maxdepth 0 -mmin +5 -exec rmdir {} \\; 2>/dev/null || true; mkdir -- "$f.lock" 2>/dev/null || exit ${BUSY}; }
t=
trap 'rm -f -- "$t"; rmdir -- "$f.lock"' EXIT
trap 'exit 1' HUP INT TERM
if [ -e "$f" ]; then have=$(sum < "$f"); else have=none; fi
[ "$have" = "$2" ] || exit ${CHANGED}
t=$(mktemp "$f.XXXXXX")
if [ -e "$f" ]; then
  cp -p -- "$f" "$t"
  [ "$(ls -ln -- "$f" | awk '{print $1,$3,$4}')" = "$(ls -ln -- "$t" | awk '{print $1,$3,$4}')" ] || exit ${OWNER}
else chmod 644 "$t"; fi
cat > "$t"
[ "$(sum < "$t")" = "$3" ] || { echo "the text did not arrive whole" >&2; exit 1; }
sync "$t" 2>/dev/null || sync
mv -f -- "$t" "$f"
t=
exit 0`

/** $1: the file. $2: the sum of what was read. */
const REMOVE = `set -eu
${SUM}
[ -e "$1" ] || exit 0
[ "$(sum < "$1")" = "$2" ] || exit ${CHANGED}
rm -f -- "$1"`

/** A file on another computer, through the system's ssh. The scripts are fixed; names come as arguments. */
export function sshFile(host: string, path: string): PasswordFile {
  const where = `${path} on ${host}`
  const run = (script: string, args: readonly string[], input?: Uint8Array) =>
    runProgram(sshCommand(host, ['sh', '-c', script, 'sh', ...args]), {
      timeoutMs: TIMEOUT_MS,
      ...(input && { input }),
    })
  const read = async (): Promise<Buffer | null> => {
    const done = await run(READ, [path])
    if (done.code === NO_FILE) return null
    if (done.code !== 0) throw problem(where, host, done)
    return done.stdout
  }
  return {
    read: async () => {
      const bytes = await read()
      return bytes === null ? null : decodeFile(bytes)
    },
    replace: async (next, expected) => {
      const bytes = await read()
      const text = bytes === null ? null : decodeFile(bytes)
      if (text !== expected) throw new FileChanged(where)
      const before = bytes === null ? 'none' : sumOf(bytes)
      const written = next === null ? null : encodeFile(next, text, bytes)
      const done =
        written === null ? await run(REMOVE, [path, before]) : await run(WRITE, [path, before, sumOf(written)], written)
      if (done.code === CHANGED) throw new FileChanged(where)
      if (done.code !== 0) throw problem(where, host, done)
    },
  }
}

function problem(where: string, host: string, done: Finished): FileProblem {
  if (done.code === BUSY) return new FileProblem(`Another program writes ${where}. If none does, remove its .lock.`)
  if (done.code === OWNER) {
    return new FileProblem(`The owner of ${where} cannot be kept. Give the file to the user that ssh signs in as.`)
  }
  if (done.code === NO_SUM) return new FileProblem(`On ${host} there is neither sha256sum nor shasum.`)
  const said = done.problem || done.said || `it ended with ${done.code}`
  if (done.code === 255) {
    return new FileProblem(
      `${host} cannot be reached by ssh: ${said}. It has to work without a question: ssh -o BatchMode=yes ${host} true`,
    )
  }
  return new FileProblem(`${where} cannot be read or written: ${said}`)
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
