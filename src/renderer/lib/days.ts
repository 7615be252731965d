/** The zone of the person who looks. */
export const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The beginning of the day so many days later, in the zone of the person who looks. ms UTC. */
export function midnight(at: number, days = 0): number {
  const day = new Date(at)
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() + days)
  return day.getTime()
}
