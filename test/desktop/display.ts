import { type ChildProcess, spawn } from 'node:child_process'

/** The display of this session, or one that nobody sees. */
export async function openScreen(): Promise<{ display: string; child: ChildProcess | null } | null> {
  const own = process.env['DISPLAY']
  if (own) return { display: own, child: null }
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return new Promise(resolve => {
    child.once('error', () => resolve(null))
    child.once('exit', () => resolve(null))
    child.stdout.once('data', number => resolve({ display: `:${String(number).trim()}`, child }))
  })
}
