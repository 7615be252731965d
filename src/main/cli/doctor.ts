import type { Command } from 'commander'
import type { DoctorFinding } from '../../shared/phone-protocol.ts'
import { withSession } from './command.ts'
import { EXIT } from './exit.ts'
import { clean, pairs } from './print.ts'

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look for what is known to go wrong, with the fix for each; ends with 1 when something is')
    .action(
      withSession(async session => {
        const found = await session.do('system.doctor', {})
        return { data: found, text: () => findingsText(found.findings), exit: found.ok ? EXIT.ok : EXIT.failed }
      }),
    )
  program
    .command('status')
    .description('what runs, where it listens, and why nothing is sent if nothing is')
    .action(
      withSession(async session => {
        const status = await session.do('system.status', {})
        const data = { ...status, hub: session.hub !== null }
        const text = () =>
          pairs([
            ['version', status.version],
            ['data folder', status.dataFolder],
            ['hub', session.hub ? `running, process ${session.hub.pid}` : 'not running'],
            ['phone link', status.link ? status.link.listening.join(', ') : 'not listening'],
            ['API', status.http ? status.http.url : 'not served'],
            ['sending', status.sendingBlockedBy.length === 0 ? 'possible' : 'blocked'],
            ...status.sendingBlockedBy.map(reason => ['', reason] as const),
          ])
        return { data, text }
      }),
    )
}

/** One finding a line, with its fix below it. */
export function findingsText(findings: readonly DoctorFinding[]): string {
  return findings
    .map(({ check, ok, message, fix }) => {
      const line = `${ok ? 'ok  ' : 'FAIL'}  ${clean(check)}: ${clean(message)}`
      return fix === null ? line : `${line}\n      ${clean(fix)}`
    })
    .join('\n')
}
