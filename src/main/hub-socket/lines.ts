import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'

/**
 * Calls `take` with each whole line that comes over a socket. One that grows beyond `most` characters ends the
 * connection, after `refuse` was called.
 */
export function readLines(socket: Socket, most: number, take: (line: string) => void, refuse: () => void): void {
  const decoder = new StringDecoder('utf8')
  let rest: string[] = []
  let length = 0
  socket.on('data', (chunk: Buffer) => {
    const parts = decoder.write(chunk).split('\n')
    const open = parts.pop()!
    for (const part of parts) {
      const line = rest.join('') + part
      rest = []
      length = 0
      if (line.length > most) return end()
      if (line !== '') take(line)
    }
    rest.push(open)
    length += open.length
    if (length > most) end()
  })

  function end(): void {
    socket.removeAllListeners('data')
    refuse()
    socket.destroySoon()
  }
}
