import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from '../../src/shared/errors.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import type { HubAnswer, HubRequest, HubStats } from './hub.ts'
import { startScript } from './programs.ts'

type Asked = HubRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never

/** A hub in a process of its own. */
export class BenchHub {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: HubAnswer['answer']) => void>()
  #last = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', ({ id, answer }: HubAnswer) => {
      this.#waiting.get(id)?.(answer)
      this.#waiting.delete(id)
    })
    child.once('exit', code => {
      for (const tell of this.#waiting.values())
        tell({ ok: false, error: { code: 'internal', message: `The hub ended with ${code}.` } })
      this.#waiting.clear()
    })
  }

  /** Starts one on a data folder. What it prints goes into `folder`. */
  static async start(folder: string, data: string): Promise<BenchHub> {
    mkdirSync(folder, { recursive: true })
    const hub = new BenchHub(startScript('hub.mjs', { data }, join(folder, 'hub.log')))
    const failed = await new Promise<HubAnswer['answer']>(resolve => hub.#waiting.set(0, resolve))
    if (failed !== null) throw new Error(`The hub did not start; see ${join(folder, 'hub.log')}`)
    return hub
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Throws an Error with the refusal's sentence. */
  async call<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
    const answer = (await this.#ask({ kind: 'call', name, input })) as Answer<OutputOf<N>>
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.data
  }

  stats(): Promise<HubStats> {
    return this.#ask({ kind: 'stats' }) as Promise<HubStats>
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    await this.#ask({ kind: 'stop' })
    await gone
  }

  #ask(request: Asked): Promise<HubAnswer['answer']> {
    this.#last += 1
    const id = this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, resolve)
      this.#child.send({ ...request, id }, error => error && reject(error))
    })
  }
}
