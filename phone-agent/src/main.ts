import { main } from './cli.ts'

process.exitCode = await main(process.argv.slice(2))
// Nothing that is still open may keep an ended command alive.
process.exit()
