import { ModelSocket, type Network } from './network.ts'

/** One life of the agent's process. When it is over, nothing that it still waits for ever comes. */
export interface Life {
  /** The address under which this life, and no other, knows the hub. */
  readonly address: string
  over: boolean
  readonly onFrame: () => void
}

/** By address. */
export const lives = new Map<string, Life>()

let network: Network | null = null

export function setNetwork(between: Network): void {
  network = between
}

/** Stands for `connectTrusted` of the agent: a dead process never hears of its connection. */
export function connectTrusted(address: string): Promise<unknown> {
  return lives.get(address)?.over === false ? Promise.resolve({ address }) : new Promise(() => {})
}

/** Stands for the `WebSocket` of the package ws. */
export class WebSocket extends ModelSocket {
  readonly #life: Life | undefined

  constructor(url: string) {
    super()
    this.#life = lives.get(new URL(url).host)
    this.onSend = () => this.#life?.over === false
    network?.connect(this)
  }

  override send(text: string): void {
    super.send(text)
    this.#life?.onFrame()
  }
}
