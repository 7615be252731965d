import type { DoctorFinding } from '../../shared/phone-protocol.ts'

export function fine(check: string, message: string): DoctorFinding {
  return { check, ok: true, message: message.slice(0, 500), fix: null }
}

export function wrong(check: string, message: string, fix: string): DoctorFinding {
  return { check, ok: false, message: message.slice(0, 500), fix: fix.slice(0, 1000) }
}

/** Such as "today", "in a day", "in 12 days" and "3 days ago". */
export function inDays(ms: number): string {
  const days = Math.floor(Math.abs(ms) / 86_400_000)
  if (days === 0) return ms < 0 ? 'since today' : 'today'
  const counted = days === 1 ? 'a day' : `${days} days`
  return ms < 0 ? `since ${counted}` : `in ${counted}`
}
