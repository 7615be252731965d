const DAY_MS = 86_400_000

/** The beginning of the day, in the zone of the person who looks. ms UTC. */
export function midnight(at: number): number {
  const day = new Date(at)
  day.setHours(0, 0, 0, 0)
  return day.getTime()
}

/** So many weeks before the end of this day, from the beginning of a day on. ms UTC. */
export function weeksAgo(at: number, weeks: number): number {
  return midnight(midnight(at) - (7 * weeks - 1) * DAY_MS)
}
