import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createPhone, type Phone } from '../../phone-agent/simulator/phone.ts'
import { connectHub, type HubClient } from '../../src/main/hub-socket/client.ts'
import type { Import } from '../../src/shared/operations/imports.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import { Kept, runNode, startNode, until } from './process.ts'
import { type DemoResult, describe, printImport, printResult, printReview, resultOf, Screen } from './report.ts'

export interface DemoOptions {
  readonly contacts: string
  readonly country: string
  readonly template: string
  readonly allowLandlines: boolean
  readonly json: boolean
  readonly keep: boolean
}

const HUB = resolve('bin/campaign-connector.mjs')
const AGENT = resolve('out/phone-agent.mjs')
const SIMULATOR = resolve('out/phone-simulator.mjs')

/** Far above what a real phone may do, so that the demo ends within a minute; real defaults are in the settings. */
const DEMO_LIMITS: GivenOf<'settings.update'>['limits'] = {
  windows: [{ segments: 6_000, windowMs: 60_000 }],
  recipientsPerMonth: null,
  pauseMs: [0, 5],
}
const DEMO_HOURS = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false }

/** Runs the whole demo. Returns the exit code: 0 when it ended well, 3 when the list has nobody to text, 1 otherwise. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const started = performance.now()
  const screen = new Screen(options.json)
  const folder = mkdtempSync(join(tmpdir(), 'campaign-connector-demo-'))
  const demo = new Demo(folder, options, screen)
  const stop = (): void => {
    void demo.stop().then(() => process.exit(130))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const result = await demo.run(started)
    screen.result(result)
    return result.messages === 0 ? 3 : 0
  } catch (error) {
    console.error(`The demo stopped: ${error instanceof Error ? error.message : String(error)}`)
    console.error(`What happened is in ${folder}/*.log`)
    demo.keepFolder = true
    return 1
  } finally {
    await demo.stop()
    if (options.keep || demo.keepFolder) screen.say(`The folder stays: ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

class Demo {
  readonly #folder: string
  readonly #options: DemoOptions
  readonly #screen: Screen
  readonly #kept: Kept[] = []
  #client: HubClient | null = null
  #phone: Phone | null = null
  keepFolder = false

  constructor(folder: string, options: DemoOptions, screen: Screen) {
    this.#folder = folder
    this.#options = options
    this.#screen = screen
  }

  async run(started: number): Promise<DemoResult> {
    this.#screen.step('Starting a hub in a temporary folder and a simulated phone with two SIMs')
    await this.#startHub()
    const phone = this.#makePhone()
    this.#screen.note(
      'Limits and allowed hours of this demo are its own, so that it ends within a minute at any time of day.',
    )
    await this.#pair(phone)

    this.#screen.step(`Importing ${this.#options.contacts}`)
    const imported = await this.#import()
    printImport(this.#screen, imported)
    if (imported.created === 0) return this.#nobody(imported, started)

    const campaign = await this.#review()
    this.#screen.step('Sending')
    await this.#call('campaigns.start', { id: campaign })
    await this.#follow(campaign)
    await this.#replies(phone)

    const progress = await this.#call('campaigns.progress', { id: campaign })
    const texts = await this.#texts()
    const result = resultOf(imported, progress, texts, (performance.now() - started) / 1000)
    printResult(this.#screen, result, phone.radioLog(), await this.#sentNumbers(campaign))
    return result
  }

  async stop(): Promise<void> {
    this.#client?.close()
    this.#client = null
    // The agents first, so that none of them complains about a hub that is gone.
    for (const process of this.#kept.reverse()) await process.stop()
    this.#kept.length = 0
    this.#phone?.close()
    this.#phone = null
  }

  async #startHub(): Promise<void> {
    const data = join(this.#folder, 'data')
    const port = await freePort()
    const hub = this.#keep('The hub', () =>
      startNode([HUB, 'serve', '--data-dir', data, '--link-port', String(port)], join(this.#folder, 'hub.log')),
    )
    await until('The hub starts', () => this.#tryCall('system.status', {}), 15_000)
    await this.#call('settings.update', {
      limits: DEMO_LIMITS,
      hours: DEMO_HOURS,
      pollSeconds: { active: 2, idle: 2 },
      proofSeconds: 10,
      defaultCountry: this.#options.country.toUpperCase(),
    })
    this.#screen.note(`hub: process ${hub.pid}, folder ${data}`)
  }

  #makePhone(): Phone {
    const dir = join(this.#folder, 'phone')
    mkdirSync(dir, { recursive: true })
    const country = this.#options.country.toLowerCase()
    this.#phone = createPhone(dir, {
      mainFile: SIMULATOR,
      sims: [
        { slot: 0, subId: 1, carrier: 'Simulated One', country },
        { slot: 1, subId: 2, carrier: 'Simulated Two', country },
      ],
      people: {
        seed: 7,
        replyShare: 0.2,
        stopShare: 0.25,
        wordingShare: 0.1,
        helpShare: 0.05,
        twiceShare: 0.05,
        delayMs: [300, 2_500],
      },
      faults: { gate: { segments: 100_000, windowMs: 60_000 } },
    })
    return this.#phone
  }

  async #pair(phone: Phone): Promise<void> {
    const { link } = await this.#call('phones.pair', { name: 'Simulated phone' })
    const env = { ...process.env, ...phone.env }
    await runNode([AGENT, 'pair', link, '--slots', '0,1'], env)
    const agent = this.#keep('The agent', () => startNode([AGENT, 'run'], join(this.#folder, 'agent.log'), env))
    const paired = await until(
      'The phone connects',
      async () => (await this.#call('phones.list', {})).phones.find(entry => entry.connected && entry.canProve) ?? null,
      20_000,
    )
    this.#screen.note(
      `agent: process ${agent.pid}, paired as "${paired.name}" with ${describe(paired.sims.length, 'SIM')}`,
    )
  }

  async #import(): Promise<Import> {
    const { id } = await this.#call('imports.start', {
      path: resolve(this.#options.contacts),
      settings: {
        options: {
          defaultCountry: this.#options.country.toUpperCase(),
          allowLandlines: this.#options.allowLandlines,
          list: 'Demo',
          consent: { source: 'demo', wording: 'Made-up people of the demo' },
        },
      },
    })
    return until(
      'The import',
      async () => {
        const found = await this.#call('imports.get', { id })
        if (found.state === 'failed') throw new Error(found.error)
        return found.state === 'completed' ? found : null
      },
      300_000,
    )
  }

  #nobody(imported: Import, started: number): DemoResult {
    const landlines = imported.rejectedByCode['phone_not_mobile'] ?? 0
    const advice =
      landlines > 0 && !this.#options.allowLandlines
        ? `${landlines} of them are landlines, which usually take no texts. To text them all the same: --allow-landlines`
        : 'Look at the reasons above, mend the list, or name its country with --country.'
    this.#screen.warn(`Nobody of this list can be texted, so no campaign was made. ${advice}`)
    return resultOf(imported, null, { replies: 0, optOuts: 0 }, (performance.now() - started) / 1000)
  }

  async #review(): Promise<number> {
    const { id } = await this.#call('campaigns.create', {
      name: 'Demo',
      template: this.#options.template,
      audience: { lists: ['Demo'] },
      hours: DEMO_HOURS,
    })
    const review = await this.#call('campaigns.review', { id })
    const { previews } = await this.#call('campaigns.preview', { template: this.#options.template, contacts: 1 })
    printReview(this.#screen, review, previews[0])
    if (!review.startable)
      throw new Error(review.findings.find(finding => finding.level === 'error')?.message ?? 'The review failed.')
    return id
  }

  async #follow(id: number): Promise<void> {
    for (;;) {
      const progress = await this.#tryCall('campaigns.progress', { id })
      if (progress) {
        this.#screen.progress(progress)
        if (progress.state === 'completed' || progress.state === 'cancelled') break
        if (progress.state === 'paused') throw new Error('The campaign was paused.')
      }
      await new Promise(done => setTimeout(done, 200))
    }
    this.#screen.endProgress()
  }

  /** Waits until every text that reached the phone has reached the inbox, and every answer to it has left. */
  async #replies(phone: Phone): Promise<void> {
    this.#screen.step('Taking in the last replies')
    await until(
      'The last replies come in',
      async () => {
        const { replies } = await this.#texts()
        return phone.pending().length === 0 && replies >= phone.arrivals().length ? true : null
      },
      30_000,
      250,
    )
    await until(
      'The last confirmations go out',
      async () => {
        const open = await this.#call('messages.list', {
          states: ['queued', 'assigned', 'accepted', 'attempting', 'handed_over'],
          limit: 1,
        })
        return open.items.length === 0 ? true : null
      },
      30_000,
      250,
    )
  }

  async #texts(): Promise<{ replies: number; optOuts: number }> {
    const { texts, optOuts } = await this.#call('inbox.counts', {})
    return { replies: texts, optOuts }
  }

  async #sentNumbers(campaignId: number): Promise<Map<string, string>> {
    const states = new Map<string, string>()
    let after: string | undefined
    do {
      const page = await this.#call('messages.list', {
        campaignId,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      })
      for (const message of page.items) states.set(message.number, message.state)
      after = page.next ?? undefined
    } while (after !== undefined)
    return states
  }

  #keep(name: string, start: () => ReturnType<typeof startNode>): Kept {
    const kept = new Kept(name, start, line => this.#screen.warn(line))
    this.#kept.push(kept)
    return kept
  }

  /** Null while the hub is not there: it may have been killed and be on its way back. */
  async #tryCall<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N> | null> {
    try {
      this.#client ??= await connectHub(join(this.#folder, 'data'))
      if (!this.#client) return null
      const answer = await this.#client.call(name, input)
      if (answer.ok) return answer.data
      throw new Error(answer.error.message)
    } catch (error) {
      if (!isConnectionError(error)) throw error
      this.#client?.close()
      this.#client = null
      return null
    }
  }

  #call<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
    return until(`The hub answers ${name}`, () => this.#tryCall(name, input), 20_000)
  }
}

function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'HUB_GONE'].includes(code)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise<void>(done => server.close(() => done()))
  return port
}
