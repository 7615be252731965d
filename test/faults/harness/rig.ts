import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Programs } from './copy.ts'
import { Handset } from './handset.ts'
import { Hub } from './hub.ts'
import { freePort } from './ports.ts'
import { Random } from './random.ts'
import { until } from './wait.ts'

/** A hub and one phone for a test of its own, each in a folder that the test can spoil. */
export class Rig {
  readonly root: string
  readonly hub: Hub
  readonly phone: Handset
  /** How the hub ended last: its exit code. */
  hubEnd: number | null = null
  agentEnd: number | null = null
  readonly #mounts: string[] = []

  private constructor(root: string, programs: Programs, port: number) {
    this.root = root
    this.phone = new Handset({
      name: 'p',
      root,
      agentFile: programs.agent,
      simulatorFile: programs.simulator,
      hubPort: port,
      random: Random.of(1, 'rig'),
      twice: 0,
      phone: { faults: { gate: { segments: 10_000, windowMs: 60_000 } } },
      onEnd: ({ code }) => {
        this.agentEnd = code
      },
    })
    const onEnd = ({ code }: { code: number | null }): void => {
      this.hubEnd = code
    }
    this.hub = new Hub({ root, file: programs.hub, port, clockOf: this.phone.dir, onEnd })
    mkdirSync(this.hub.folder)
  }

  static async create(programs: Programs): Promise<Rig> {
    const rig = new Rig(mkdtempSync(join(tmpdir(), 'ccr-')), programs, await freePort())
    await rig.phone.proxy.listen()
    return rig
  }

  async startHub(): Promise<void> {
    this.hub.start()
    await until(
      'The hub starts',
      () => (this.hub.program.runs ? this.hub.try('system.status', {}) : fail(this)),
      30_000,
    )
  }

  /** A hub that is not expected to run: what it says when it ends. */
  async refusedHub(): Promise<{ code: number | null; words: string }> {
    this.hub.start()
    await until('The hub ends', () => (this.hub.program.runs ? null : true), 30_000)
    return { code: this.hubEnd, words: this.hub.program.lastWords }
  }

  /** Pairs the phone, starts its agent, and sets limits under which a test ends soon. */
  async startPhone(): Promise<void> {
    await this.hub.call('settings.update', {
      hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false },
      limits: { windows: [{ segments: 1_000, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [150, 150] },
      pollSeconds: { active: 0.3, idle: 0.5 },
      proofSeconds: 10,
    })
    const { link } = await this.hub.call('phones.pair', {})
    await this.phone.pair(link)
    this.phone.start()
    await until(
      'The phone connects',
      async () =>
        (await this.hub.call('phones.list', {})).phones.some(one => one.connected && one.canProve) ? true : null,
      30_000,
    )
  }

  /** A running campaign to so many people, whose numbers it returns. */
  async startCampaign(people: number): Promise<{ id: number; numbers: string[] }> {
    const made = await this.makeCampaign(people)
    await this.hub.call('campaigns.start', { id: made.id })
    return made
  }

  /** The same as a draft. */
  async makeCampaign(people: number): Promise<{ id: number; numbers: string[] }> {
    const numbers = Array.from({ length: people }, (_, at) => `+1415${250 + at}0${String(100 + at)}`)
    for (const number of numbers) {
      await this.hub.call('contacts.create', { number, tags: ['all'], consent: { source: 'test' } })
    }
    const { id } = await this.hub.call('campaigns.create', {
      name: 'Campaign',
      template: 'The market opens on Saturday.',
      audience: { tags: ['all'] },
    })
    return { id, numbers }
  }

  /** Puts a small disk of its own in the place of a folder, which must be empty. */
  mountSmall(folder: string, kilobytes: number): void {
    mkdirSync(folder, { recursive: true })
    mount('-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'tmpfs', folder)
    this.#mounts.push(folder)
  }

  remount(folder: string, how: 'ro' | 'rw'): void {
    mount('-o', `remount,${how}`, folder)
  }

  async close(): Promise<void> {
    await this.phone.program.end('SIGTERM')
    await this.hub.program.end('SIGTERM')
    await this.phone.close()
    for (const folder of this.#mounts) spawnSync('umount', ['-l', folder])
    rmSync(this.root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** Whether this process may mount a small disk. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
  if (status === 0) spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
  return status === 0
}

/** Fills the disk of a folder to the last byte. Returns the file that does it: without it there is room again. */
export function fillDisk(folder: string): string {
  const file = join(folder, 'ballast')
  const fd = openSync(file, 'a')
  try {
    for (const size of [65_536, 4_096, 512, 1]) {
      for (;;) {
        try {
          writeSync(fd, Buffer.alloc(size))
        } catch {
          break
        }
      }
    }
  } finally {
    closeSync(fd)
  }
  if (statSync(file).size === 0) throw new Error(`${folder} was full before.`)
  return file
}

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`)
}

function fail({ hub, hubEnd }: Rig): never {
  throw new Error(`The hub ended (${hubEnd}): ${hub.program.lastWords}`)
}
