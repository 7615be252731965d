import { vi } from 'vitest'

/** One clock for everybody in a model, moved by nobody but the model. Timers follow it. */
export class ModelTime {
  now = Date.parse('2026-01-14T17:00:00Z')
  readonly #everyStep: (() => void)[] = []

  /** Called after each step of time: for what happens by itself. */
  onStep(work: () => void): void {
    this.#everyStep.push(work)
  }

  /** Lets so many ms pass, in steps small enough that frames and timers of both sides mix. */
  async pass(ms: number, step = 50): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      this.now += step
      for (const work of this.#everyStep) work()
      await vi.advanceTimersByTimeAsync(step)
    }
  }

  static start(): ModelTime {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
    })
    return new ModelTime()
  }

  stop(): void {
    vi.clearAllTimers()
    vi.useRealTimers()
  }
}
