import { runCli } from './cli/program.ts'
import { VERSION } from './version.ts'

// A reader that has seen enough (head, less) closes the pipe: that is no failure.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCli(process.argv.slice(2), VERSION)
