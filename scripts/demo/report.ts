import type { RadioLine } from '../../phone-agent/simulator/phone.ts'
import type { Progress, Review } from '../../src/shared/operations/campaigns.ts'
import type { Import } from '../../src/shared/operations/imports.ts'
import type { OutputOf } from '../../src/shared/operations/index.ts'

/** What the demo ends in. The six ends of a message add up to `messages`. */
export interface DemoResult {
  readonly rows: number
  readonly imported: number
  readonly duplicates: number
  readonly rejectedByCode: Record<string, number>
  readonly messages: number
  readonly sent: number
  readonly failed: number
  readonly unknown: number
  readonly suppressed: number
  readonly expired: number
  readonly cancelled: number
  readonly replies: number
  readonly optOuts: number
  readonly seconds: number
}

export function resultOf(
  imported: Import,
  progress: Progress | null,
  texts: { replies: number; optOuts: number },
  seconds: number,
): DemoResult {
  const { states } = progress ?? { states: {} as Partial<Progress['states']> }
  return {
    rows: imported.rows,
    imported: imported.created,
    duplicates: imported.duplicates,
    rejectedByCode: imported.rejectedByCode,
    messages: progress?.messages ?? 0,
    sent: states.sent ?? 0,
    failed: states.failed ?? 0,
    unknown: states.unknown ?? 0,
    suppressed: states.suppressed ?? 0,
    expired: states.expired ?? 0,
    cancelled: states.cancelled ?? 0,
    replies: texts.replies,
    optOuts: texts.optOuts,
    seconds: Math.round(seconds * 10) / 10,
  }
}

/** What a person sees. With `json` all of it goes to standard error, and standard output holds the result alone. */
export class Screen {
  readonly #json: boolean
  readonly #live: boolean
  #lastShown = -1

  constructor(json: boolean) {
    this.#json = json
    this.#live = process.stderr.isTTY === true
  }

  say(line: string): void {
    if (this.#json) console.error(line)
    else console.log(line)
  }

  step(line: string): void {
    this.say(`\n${line}`)
  }

  note(line: string): void {
    this.say(`  ${line}`)
  }

  warn(line: string): void {
    this.endProgress()
    this.say(`  ! ${line}`)
  }

  progress(progress: Progress): void {
    const line = progressLine(progress)
    if (this.#live) {
      process.stderr.write(`\r\x1b[2K${line}`)
      return
    }
    // Without a terminal a line for each quarter is enough.
    const quarter = progress.messages === 0 ? 0 : Math.floor((4 * settled(progress)) / progress.messages)
    if (quarter !== this.#lastShown) this.say(line)
    this.#lastShown = quarter
  }

  endProgress(): void {
    if (this.#live && this.#lastShown !== -2) process.stderr.write('\n')
  }

  result(result: DemoResult): void {
    if (this.#json) console.log(JSON.stringify(result))
  }
}

export function printImport(screen: Screen, imported: Import): void {
  screen.note(
    `${describe(imported.rows, 'row')}: ${imported.created} imported, ${describe(imported.duplicates, 'duplicate')}, ${imported.rejected} rejected`,
  )
  for (const [code, rows] of Object.entries(imported.rejectedByCode))
    screen.note(`  ${code.padEnd(22)} ${String(rows).padStart(5)}`)
}

export function printReview(
  screen: Screen,
  review: Review,
  preview: OutputOf<'campaigns.preview'>['previews'][number] | undefined,
): void {
  screen.step('Reviewing the campaign')
  if (preview) screen.note(`"${preview.text}"`)
  screen.note(
    `${describe(review.messages, 'message')}, ${describe(review.segments, 'segment')}, ${review.ucs2} in UCS-2`,
  )
  for (const entry of review.leftOut)
    if (entry.contacts > 0) screen.note(`left out: ${entry.contacts}, ${entry.message}`)
  for (const finding of review.findings) screen.note(`${finding.level}: ${finding.message}`)
}

/** The report, compared with what truly left the phone. */
export function printResult(
  screen: Screen,
  result: DemoResult,
  radio: readonly RadioLine[],
  states: ReadonlyMap<string, string>,
): void {
  screen.step('Report')
  screen.note(
    `${describe(result.messages, 'message')}: ${result.sent} sent, ${result.failed} failed, ${result.unknown} unknown,`,
  )
  screen.note(`  ${result.suppressed} suppressed, ${result.expired} expired, ${result.cancelled} cancelled`)
  screen.note(
    `${describe(result.replies, 'reply', 'replies')} taken in, ${describe(result.optOuts, 'opt-out')} honoured`,
  )
  const bodies = new Set<string>()
  let twice = 0
  for (const { to, body } of radio) {
    const text = `${to}\n${body}`
    if (bodies.has(text)) twice += 1
    bodies.add(text)
  }
  const left = new Set(radio.map(line => line.to))
  const wrong = [...states].filter(
    ([number, state]) => (state === 'sent') !== left.has(number) && state !== 'unknown',
  ).length
  screen.note(
    `The phone's radio log: ${describe(radio.length, 'text')} left, ${twice} twice; ${wrong === 0 ? 'every state agrees with it' : `${wrong} states do not agree with it`}`,
  )
  screen.note(`${result.seconds} s in all`)
  if (twice > 0 || wrong > 0) throw new Error('The states do not agree with what left the phone.')
}

export function describe(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function settled({ states }: Progress): number {
  return states.sent + states.failed + states.unknown + states.suppressed + states.expired + states.cancelled
}

function progressLine(progress: Progress): string {
  const done = settled(progress)
  const share = progress.messages === 0 ? 0 : done / progress.messages
  const bar = '█'.repeat(Math.round(share * 24)).padEnd(24, '░')
  const { states } = progress
  return `  ${bar} ${done}/${progress.messages}  sent ${states.sent}  on the way ${states.attempting + states.handed_over}  replies ${progress.replies}`
}
