import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { PhoneStatus } from '../../src/shared/phone-protocol.ts'
import type { LinkState } from './link.ts'

/** What a running agent writes about itself, for the command `status`. */
export interface RunningStatus {
  readonly pid: number
  readonly version: string
  /** Ms by the phone's clock. */
  readonly writtenAt: number
  readonly startedAt: number
  readonly link: LinkState
  /** How far the phone's clock is ahead of the hub's, in ms. */
  readonly clockAhead: number | null
  readonly queued: number
  readonly open: number
  readonly unknown: number
  readonly unacknowledged: number
  readonly phone: PhoneStatus
}

export function writeStatus(path: string, status: RunningStatus): void {
  writeFileSync(`${path}.new`, JSON.stringify(status), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** The last status that was written; null when there is none. */
export function readStatus(path: string): RunningStatus | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunningStatus
  } catch {
    return null
  }
}

/** The status in lines for people. */
export function statusLines(status: RunningStatus, now: number): string[] {
  const { link, phone } = status
  const lines = [
    `Agent ${status.version}, process ${status.pid}, running for ${span(now - status.startedAt)}.`,
    link.connected
      ? `Connected with the hub at ${link.address}.`
      : `Not connected with the hub. ${link.problem ?? 'It is being tried.'}`,
    `${count(status.queued, 'message')} waiting, ${status.open} without proof yet, ${status.unknown} unknown in the last two days.`,
  ]
  if (status.unacknowledged > 0)
    lines.push(`${count(status.unacknowledged, 'entry', 'entries')} the hub has not confirmed.`)
  for (const lane of phone.lanes) lines.push(laneLine(lane, now))
  if (phone.battery) {
    const { percent, plugged } = phone.battery
    lines.push(`Battery ${Math.round(percent)} %${plugged ? ', plugged in' : ''}.`)
  }
  return [...lines, ...phone.warnings.map(warning => `Warning: ${warning}`)]
}

const HALTS: Record<string, string> = {
  gate: 'waits for its limits',
  no_proof: 'halted: texts leave no trace in the SMS store',
  refused: 'halted: termux-sms-send refuses',
  permission: 'halted: the app Termux:API lacks a permission',
  sim_swapped: 'halted: another SIM is in the slot',
  sim_missing: 'no SIM known in this slot',
  store_unreadable: 'halted: the SMS store cannot be read',
  cannot_prove: 'halted: nothing can be proved',
  disk_full: 'halted: no storage left',
}

function laneLine(lane: PhoneStatus['lanes'][number], now: number): string {
  const state = lane.halt ? HALTS[lane.halt] : 'ready'
  const until = lane.haltUntil !== null && lane.haltUntil > now ? `, for ${span(lane.haltUntil - now)} still` : ''
  const used = lane.used.length > 0 ? ` Segments used: ${lane.used.join(', ')}.` : ''
  return `SIM ${lane.slot + 1}${lane.carrier ? ` (${lane.carrier})` : ''}: ${state}${until}.${used}`
}

function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}
