import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { clockFile, writeClock } from '../../../phone-agent/simulator/folder.ts'
import { connectHub, type HubClient } from '../../../src/main/hub-socket/client.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import { Program, type ProgramEnd, runProgram } from './program.ts'
import { until } from './wait.ts'

/** The operation was refused: the sentence is the hub's. */
export class Refused extends Error {}

/** The hub of a run: one process on one data folder, driven as the command line drives it. */
export class Hub {
  readonly folder: string
  readonly port: number
  readonly database: string
  readonly program: Program
  readonly #file: string
  readonly #clock: string
  #client: HubClient | null = null
  offsetMs = 0

  /** @param clockOf folder of a simulated phone, whose clock module the hub uses too. */
  constructor(setup: {
    root: string
    file: string
    port: number
    clockOf: string
    onEnd: (end: ProgramEnd) => void
  }) {
    this.folder = join(setup.root, 'hub')
    this.database = join(this.folder, 'hub.sqlite')
    this.port = setup.port
    this.#file = setup.file
    this.#clock = join(setup.root, 'hub-clock')
    mkdirSync(join(this.#clock, 'usr/libexec'), { recursive: true })
    copyFileSync(clockFile(setup.clockOf), clockFile(this.#clock))
    writeClock(this.#clock, 0)
    this.program = new Program('hub', join(setup.root, 'hub-process.log'), end => {
      this.#client?.close()
      this.#client = null
      setup.onEnd(end)
    })
  }

  start(dieAt: string | null = null): void {
    const env = this.#environment()
    if (dieAt !== null) Object.assign(env, { CC_HUB_TEST: '1', CC_HUB_DIE_AT: dieAt })
    this.program.start([this.#file, 'serve', '--data-dir', this.folder, '--link-port', String(this.port)], env)
  }

  /** Sets the hub's clock so many ms ahead of the real one. */
  setClock(offsetMs: number): void {
    this.offsetMs = offsetMs
    writeClock(this.#clock, offsetMs)
  }

  /** Null while the hub is not there. Throws Refused. */
  async try<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N> | null> {
    try {
      this.#client ??= await connectHub(this.folder)
      if (!this.#client) return null
      const answer = await this.#client.call(name, input)
      if (answer.ok) return answer.data
      throw new Refused(answer.error.message)
    } catch (error) {
      if (error instanceof Refused || !isConnectionError(error)) throw error
      this.#client?.close()
      this.#client = null
      return null
    }
  }

  /** Does an operation, however often the hub has to come back for it. */
  call<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
    return until(`The hub answers ${name}`, () => this.try(name, input), 60_000)
  }

  /** The command line without a hub. */
  command(...args: string[]): Promise<{ status: number | null; text: string }> {
    return runProgram([this.#file, ...args, '--data-dir', this.folder], this.#environment())
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, NODE_OPTIONS: `--import=${pathToFileURL(clockFile(this.#clock)).href}`, NO_COLOR: '1' }
  }
}

function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'HUB_GONE'].includes(code)
}
