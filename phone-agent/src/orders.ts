import type { Assign } from '../../src/shared/phone-protocol.ts'
import { onAssign, onRecall } from './assignments.ts'
import type { Core } from './core.ts'
import { faultPoint } from './faults.ts'
import { errorText } from './files.ts'
import type { NewLine } from './journal-lines.ts'

interface Named {
  readonly id: string
  readonly assignment: number
}

/** Takes the hub's assignments and recalls, one frame after the other, and journals the answer to each. */
export class Orders {
  readonly #core: Core
  #turn: Promise<void> = Promise.resolve()

  constructor(core: Core) {
    this.#core = core
  }

  /** @param isCurrent asked when their turn has come: whether they are still to be taken. */
  assign(list: readonly Assign[], isCurrent: () => boolean): void {
    this.#queue(async () => {
      if (!isCurrent()) return
      await this.#settle(list, command => onAssign(this.#core.state, command))
      faultPoint('accepted')
    })
  }

  recall(list: readonly Named[]): void {
    // From this moment on no lane touches them, even before their turn has come.
    for (const { id, assignment } of list) this.#core.recalled.add(`${id} ${assignment}`)
    this.#queue(async () => {
      await this.#settle(list, ({ id, assignment }) => onRecall(this.#core.state, id, assignment))
    })
  }

  /** Anything else that has to keep its place among them. */
  queue(work: () => Promise<void>): void {
    this.#queue(work)
  }

  /** Resolves when everything so far is done. */
  idle(): Promise<void> {
    return this.#turn
  }

  #queue(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch(error => this.#core.log('error', 'internal', errorText(error)))
  }

  async #settle<T extends Named>(list: readonly T[], decide: (one: T) => NewLine[]): Promise<void> {
    const { busy, state } = this.#core
    let lines: NewLine[] = []
    let ids = new Map<string, T>()
    const flush = async (): Promise<void> => {
      const [batch, taken] = [lines, ids]
      lines = []
      ids = new Map()
      const written = this.#core.recordOrLater(batch)
      const done = written.then(() => {})
      // What a lane could take up in the meantime is kept from it.
      const held = [...taken.keys()].filter(id => state.messages.get(id)?.phase === 'accepted')
      for (const id of held) busy.set(id, done)
      if (await written)
        for (const { id, assignment } of taken.values()) this.#core.recalled.delete(`${id} ${assignment}`)
      for (const id of held) busy.delete(id)
      if (held.length > 0) this.#core.onRecorded()
    }
    for (const one of list) {
      if (ids.has(one.id)) await flush()
      const held = busy.get(one.id)
      if (held && state.messages.get(one.id)?.phase === 'accepted') {
        // A lane is about to attempt it: what is true of it is known in a moment, and nobody else waits for that.
        void held.then(() => this.#queue(() => this.#settle([one], decide)))
        continue
      }
      const decided = decide(one)
      if (decided.length === 0) this.#core.recalled.delete(`${one.id} ${one.assignment}`)
      else {
        lines.push(...decided)
        ids.set(one.id, one)
      }
    }
    await flush()
  }
}
