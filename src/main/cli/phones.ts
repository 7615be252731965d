import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import QRCode from 'qrcode'
import type { OutputOf } from '../../shared/operations/index.ts'
import type { Phone } from '../../shared/operations/phones.ts'
import type { LaneLimits } from '../../shared/phone-protocol.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { EXIT, UsageError } from './exit.ts'
import { interruptible } from './interrupt.ts'
import { aCount, anId, aPause, someWindows } from './options.ts'
import { phonesText, shownPhone } from './phones-text.ts'
import { when } from './print.ts'
import type { Session } from './session.ts'

const PHONE = ['<phone>', 'its id', anId] as const
const SIM = ['<sim>', 'id of the SIM (see "phones list")', anId] as const
const POLL_MS = 500

interface LimitOptions {
  readonly window?: LaneLimits['windows']
  readonly month?: number | 'none'
  readonly pause?: LaneLimits['pauseMs']
  readonly default?: boolean
  readonly enable?: boolean
  readonly disable?: boolean
}

export function addPhones(program: Command): void {
  const phones = program.command('phones').description('the phones that send')
  examples(phones, [
    ['phones pair --name "Office phone"', 'shows a code to scan and a line for Termux, and waits'],
    ['phones limits 1 --window 20/60s --window 200/1d --month 100', 'own limits for SIM 1'],
    ['phones doctor 1', 'lets phone 1 examine itself'],
  ])
  phones
    .command('pair')
    .description('let a phone in: shows a QR code, the link in it and a line for Termux, and waits for the phone')
    .option('--name <name>', 'what the phone is called', 'Phone')
    .option('--no-wait', 'show the link and return (so does --json); it stays valid for five minutes')
    .action(withSession<[], { name: string; wait: boolean; json?: boolean }>(pair))
  phones
    .command('stop-pairing')
    .description('close an open pairing')
    .action(
      withSession(async session => {
        session.needHub()
        return { data: await session.do('phones.stop-pairing', {}), text: () => 'The pairing is closed.' }
      }),
    )
  phones
    .command('list')
    .description('phones with their SIMs')
    .option('--revoked', 'also those that were cut off')
    .action(
      withSession<[], { revoked?: boolean }>(async (session, _args, { revoked }) => {
        const data = await session.do('phones.list', { revoked: revoked ?? false })
        return { data, text: () => phonesText(data.phones) }
      }),
    )
  phones
    .command('show')
    .description('one phone with its lanes and what its doctor found')
    .argument(...PHONE)
    .action(withSession<[number]>(async (session, [id]) => shownPhone(await found(session, id))))
  phones
    .command('rename')
    .description('call a phone something else')
    .argument(...PHONE)
    .argument('<name>', 'its new name')
    .action(
      withSession<[number, string]>(async (session, [id, name]) =>
        shownPhone(await session.do('phones.rename', { id, name })),
      ),
    )
  addCare(phones)
  addLanes(phones)
}

/** What is done to a phone when something is wrong with it. */
function addCare(phones: Command): void {
  phones
    .command('doctor')
    .description('let a phone examine itself; it texts its own number')
    .argument(...PHONE)
    .action(
      withSession<[number]>(async (session, [id]) => {
        session.needHub()
        const data = await session.do('phones.run-doctor', { id })
        return { data, text: () => `The phone was asked. In a minute see: campaign-connector phones show ${id}` }
      }),
    )
  phones
    .command('rotate-key')
    .description('give a connected phone a new device key')
    .argument(...PHONE)
    .action(
      withSession<[number]>(async (session, [id]) => {
        session.needHub()
        return { data: await session.do('phones.rotate-key', { id }), text: () => 'The phone has got a new key.' }
      }),
    )
  const decisions = [
    ['revoke', 'cut a phone off for good', 'Cut this phone off? What it may have attempted becomes unknown.'],
    [
      'accept-journal',
      'let a phone in whose memory of what it sent is another one or older',
      'Let it in? What the lost memory held stays unknown.',
    ],
    [
      'write-off',
      'after a restore, go on without waiting for a phone',
      'Go on without it? Every message that it may have sent becomes unknown.',
    ],
  ] as const
  for (const [verb, what, question] of decisions) {
    phones
      .command(verb)
      .description(what)
      .argument(...PHONE)
      .option('-y, --yes', 'do not ask')
      .action(
        withSession<[number], { yes?: boolean }>(async (session, [id], { yes }) => {
          const { name } = await found(session, id)
          await sure(`${name}: ${question}`, yes)
          return shownPhone(await session.do(`phones.${verb}`, { id }))
        }),
      )
  }
}

function addLanes(phones: Command): void {
  phones
    .command('limits')
    .description(
      'limits of one SIM, or whether it sends at all; without options it gets back those of the settings with --default',
    )
    .argument(...SIM)
    .option('--window <segments/span>', 'most segments in a span, such as 25/60s (several times)', someWindows)
    .option('--month <n>', 'most different recipients in 30 days; "none" for no cap', month)
    .option('--pause <seconds>', 'a random pause between two texts, such as 2-5', aPause)
    .option('--default', 'those of the settings')
    .option('--enable', 'it may send')
    .option('--disable', 'it may not send')
    .action(
      withSession<[number], LimitOptions>(async (session, [simId], options) => {
        const limits = await limitsOf(session, simId, options)
        const enabled = options.enable ? true : options.disable ? false : undefined
        if (limits === undefined && enabled === undefined)
          throw new UsageError('Say what to change; see: campaign-connector phones limits --help')
        return shownPhone(
          await session.do('phones.set-sim', {
            simId,
            ...(limits !== undefined && { limits }),
            ...(enabled !== undefined && { enabled }),
          }),
        )
      }),
    )
  phones
    .command('resume-lane')
    .description('let a SIM go on that has paused itself')
    .argument(...SIM)
    .action(
      withSession<[number]>(async (session, [simId]) => {
        session.needHub()
        return { data: await session.do('phones.resume-lane', { simId }), text: () => 'It goes on.' }
      }),
    )
}

async function pair(
  session: Session,
  _args: [],
  options: { name: string; wait: boolean; json?: boolean },
): Promise<Result> {
  session.needHub()
  const pairing = await session.do('phones.pair', { name: options.name })
  if (options.json || !options.wait) {
    const code = options.json ? '' : await qrCode(pairing.link)
    return { data: pairing, text: () => pairingText(pairing, code) }
  }
  const code = await qrCode(pairing.link)
  process.stdout.write(`${pairingText(pairing, code)}\n\nWaiting for the phone. Ctrl-C closes the pairing.\n`)
  return interruptible(async signal => {
    for (;;) {
      const state = await session.do('phones.pairing', {})
      if (state.paired !== null) return shownPhone(await found(session, state.paired), 'The phone is paired.')
      if (!state.open) return { data: state, text: () => 'No phone came within five minutes.', exit: EXIT.failed }
      if (signal.aborted) {
        await session.do('phones.stop-pairing', {})
        return { data: state, text: () => 'The pairing is closed.', exit: EXIT.failed }
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => {})
    }
  })
}

/** Dark on light by colours on a terminal, which may be dark itself; plain blocks elsewhere. */
function qrCode(text: string): Promise<string> {
  return QRCode.toString(text, process.stdout.isTTY ? { type: 'terminal', small: true } : { type: 'utf8' })
}

function pairingText(pairing: OutputOf<'phones.pair'>, code: string): string {
  return [
    code,
    `Scan this in Termux, or paste one line there. It is valid for one phone until ${when(pairing.expiresAt)}.`,
    '',
    'With the agent installed:',
    `  campaign-connector-agent pair '${pairing.link}'`,
    '',
    'Without it (fetches, checks and pairs it):',
    `  ${pairing.line}`,
  ].join('\n')
}

async function found(session: Session, id: number): Promise<Phone> {
  const { phones } = await session.do('phones.list', { revoked: true })
  const phone = phones.find(candidate => candidate.id === id)
  if (!phone) throw new UsageError(`There is no phone ${id}. See: campaign-connector phones list`)
  return phone
}

/** Limits with what was not said taken from the lane's own or the settings'. Undefined: nothing was said of them. */
async function limitsOf(
  session: Session,
  simId: number,
  options: LimitOptions,
): Promise<LaneLimits | null | undefined> {
  if (options.default) return null
  if (options.window === undefined && options.month === undefined && options.pause === undefined) return undefined
  const { phones } = await session.do('phones.list', {})
  const own = phones.flatMap(phone => phone.sims).find(sim => sim.id === simId)?.limits
  const base = own ?? (await session.do('settings.get', {})).limits
  return {
    windows: options.window ?? base.windows,
    recipientsPerMonth: options.month === 'none' ? null : (options.month ?? base.recipientsPerMonth),
    pauseMs: options.pause ?? base.pauseMs,
  }
}

function month(text: string): number | 'none' {
  return text === 'none' ? 'none' : aCount(1, 1_000_000)(text)
}
