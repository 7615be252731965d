import type { Phone } from '../../shared/operations/phones.ts'
import type { LaneLimits } from '../../shared/phone-protocol.ts'
import type { Result } from './command.ts'
import { findingsText } from './doctor.ts'
import { pairs, span, table, when } from './print.ts'

export function phonesText(phones: readonly Phone[]): string {
  if (phones.length === 0) return 'No phone is paired yet. Pair one: campaign-connector phones pair'
  const rows = phones.flatMap(phone => [
    [phone.id, '', phone.name, stateOf(phone), phone.holding, when(phone.lastSeenAt)],
    ...phone.sims.map(sim => [
      '',
      sim.id,
      `  SIM ${sim.slot + 1} ${sim.carrier ?? ''}`,
      laneState(phone, sim.slot, sim.enabled),
      '',
      '',
    ]),
  ])
  return table(['phone', 'SIM', 'name', 'state', 'holds', 'last seen'], rows)
}

function stateOf(phone: Phone): string {
  if (phone.revokedAt !== null) return `revoked ${when(phone.revokedAt)}`
  if (phone.journalProblem !== null) return `refused: ${phone.journalProblem} (see "phones accept-journal")`
  if (phone.replayNeeded) return 'has to tell what it sent (see "phones write-off")'
  if (!phone.connected) return 'not connected'
  return phone.canProve ? 'connected' : 'connected, cannot prove what it sends'
}

function laneState(phone: Phone, slot: number, enabled: boolean): string {
  if (!enabled) return 'switched off'
  const lane = phone.status?.lanes.find(candidate => candidate.slot === slot)
  if (!lane) return ''
  if (lane.halt === null) return `room for ${lane.room} segments`
  return lane.haltUntil === null ? `paused: ${lane.halt}` : `paused: ${lane.halt} until ${when(lane.haltUntil)}`
}

export function shownPhone(phone: Phone, sentence?: string): Result {
  const text = () => {
    const lanes = phone.sims.map(sim => [
      sim.id,
      `SIM ${sim.slot + 1}`,
      sim.carrier,
      laneState(phone, sim.slot, sim.enabled),
      sim.limits === null ? 'as in the settings' : limitsText(sim.limits),
    ])
    const parts = [
      ...(sentence === undefined ? [] : [sentence]),
      pairs([
        ['id', phone.id],
        ['name', phone.name],
        ['state', stateOf(phone)],
        ['country', phone.country],
        ['agent', phone.agentVersion],
        ['paired', when(phone.pairedAt)],
        ['last seen', when(phone.lastSeenAt)],
        ['holds', phone.holding],
      ]),
      table(['SIM', 'slot', 'carrier', 'state', 'limits'], lanes),
    ]
    if (phone.status) parts.push(...phone.status.warnings)
    if (phone.findings.length > 0) parts.push(findingsText(phone.findings))
    return parts.join('\n')
  }
  return { data: phone, text }
}

function limitsText(limits: LaneLimits): string {
  const windows = limits.windows.map(({ segments, windowMs }) => `${segments} in ${span(windowMs)}`)
  const cap = limits.recipientsPerMonth === null ? [] : [`${limits.recipientsPerMonth} recipients a month`]
  return [...windows, ...cap, `pause ${limits.pauseMs.map(ms => ms / 1000).join('-')} s`].join(', ')
}
