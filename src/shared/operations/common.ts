import { z } from 'zod'

export const id = z.int().min(1)
export const messageId = z.string().min(10).max(40)
/** Milliseconds since 1970 UTC. */
export const time = z.int().min(0)
export const count = z.int().min(0)
export const e164 = z.string().regex(/^\+[1-9][0-9]{4,14}$/, 'an international number such as +12025550123')
export const country = z.string().regex(/^[A-Z]{2}$/, 'a two-letter country code such as US')
export const name = z.string().trim().min(1).max(120)
export const nothing = z.strictObject({})
export const done = z.strictObject({ done: z.literal(true) })

/** Pages go by cursor: hand the `next` of the last answer back in to go on. Null: that was the end. */
export const page = { limit: z.int().min(1).max(500).default(50), after: z.string().max(200).optional() }
export function paged<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), next: z.string().nullable() })
}

/** As the holiday calendar tells them apart: days off by law, of banks, at choice, of schools, and merely kept. */
export const HOLIDAY_KINDS = ['public', 'bank', 'optional', 'school', 'observance'] as const

/** Local times of day in minutes since midnight (480 is 8:00) and ISO weekdays (1 is Monday). */
export const hoursSchema = z
  .strictObject({
    from: z.int().min(0).max(1440),
    to: z.int().min(0).max(1440),
    days: z.array(z.int().min(1).max(7)).min(1).max(7),
    /** Kinds of holidays where the recipient is on which nothing goes; left out: none. */
    holidays: z.array(z.enum(HOLIDAY_KINDS)).max(HOLIDAY_KINDS.length).optional(),
    /** False: the stricter hours of some states of the United States are not kept; left out: they are. */
    regional: z.boolean().optional(),
  })
  .refine(hours => hours.from < hours.to, 'the end must come after the start')
export type Hours = z.infer<typeof hoursSchema>

/** A message that waits for the allowed hours where the recipient is. */
export const heldSchema = z.strictObject({
  until: time,
  /** The zone by whose clock it opens; null: it waits for something else. */
  zone: z.string().nullable(),
  /** A part of a sentence that goes on after "because". */
  because: z.string(),
})
export type Held = z.infer<typeof heldSchema>
