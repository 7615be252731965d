import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One text that truly left the phone. */
export interface RadioLine {
  /** Real time, in milliseconds. */
  at: number
  slot: number
  subId: number
  /** As it was handed to the command. */
  to: string
  body: string
  segments: number
  /** Package of the app that sent it. */
  creator: string
  /** `owner` when the phone's owner texted by hand. */
  by: 'termux' | 'owner'
  /** Number of the attempt. It has gaps where an attempt did not leave, and never repeats. */
  seq: number
}

/** Appends to `radio.log`, which the phone agent never sees and tests take as the truth. */
export function appendRadio(dir: string, lines: readonly RadioLine[]): void {
  if (lines.length === 0) return
  appendFileSync(join(dir, 'radio.log'), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
}

/** Everything that left so far, oldest first. */
export function readRadio(dir: string): RadioLine[] {
  const text = readFileSync(join(dir, 'radio.log'), 'utf8')
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RadioLine)
}
