import { z } from 'zod'
import { CONSENT_KINDS } from '../consent.ts'
import { isAttributeKey } from './attribute-key.ts'

/** How a file is written, as it was sniffed. `lineEnd` is only told: the reader takes every kind of line end. */
export const sniffedSchema = z.strictObject({
  encoding: z.enum(['utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'windows-1252']),
  lineEnd: z.enum(['LF', 'CRLF', 'CR', 'mixed']),
  delimiter: z.enum([',', ';', '\t', '|']),
  /** Whether the first row that is not blank names the columns. */
  header: z.boolean(),
})
export type Sniffed = z.infer<typeof sniffedSchema>

const column = z.string().min(1).max(200)
const optionalColumn = column.nullable().default(null)

/** Which column holds what, by the unique column names that the check prints. Data that an operator may correct. */
export const importMappingSchema = z.strictObject({
  /** Phone columns by priority: the first one with a usable number serves. */
  phones: z.array(column).max(20),
  firstName: optionalColumn,
  lastName: optionalColumn,
  fullName: optionalColumn,
  email: optionalColumn,
  country: optionalColumn,
  zone: optionalColumn,
  /** ZIP code or postcode, which tells the zone where the list has none. */
  postcode: optionalColumn,
  tags: optionalColumn,
  consent: z
    .strictObject({
      /** Says yes or no to texts; any other text in it counts as the source of consent. */
      given: optionalColumn,
      /** Says yes when the person does not want texts. */
      refused: optionalColumn,
      source: optionalColumn,
      wording: optionalColumn,
      at: optionalColumn,
      /** Says what they agreed to: marketing, information, or the like. */
      kind: optionalColumn,
    })
    .prefault({}),
  /** Attribute key to column name. */
  attributes: z
    .record(z.string().refine(isAttributeKey, 'snake_case, and not the name of a contact field'), column)
    .default({}),
})
export type ImportMapping = z.infer<typeof importMappingSchema>

/** The operator's choices for one import. */
export const importOptionsSchema = z.strictObject({
  /** The country that numbers without a country code belong to. */
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'a two-letter country code such as US')
    .nullable()
    .default(null),
  allowLandlines: z.boolean().default(false),
  onDuplicate: z.enum(['skip', 'update']).default('skip'),
  stripFormulas: z.boolean().default(false),
  /** Tags that every contact of this import gets, besides those of its own row. */
  tags: z.array(z.string().trim().min(1).max(120)).max(50).default([]),
  list: z.string().trim().min(1).max(120).nullable().default(null),
  /** How the people on the list agreed to be texted. A row's own consent columns win. */
  consent: z
    .strictObject({
      kind: z.enum(CONSENT_KINDS).default('unspecified'),
      source: z.string().trim().min(1).max(200),
      wording: z.string().trim().max(2000).default(''),
      /** When, ms UTC; null when nobody knows. */
      at: z.int().min(0).nullable().default(null),
      /** Where it can be looked up. */
      proof: z.string().trim().max(500).default(''),
    })
    .nullable()
    .default(null),
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

/** What an operator says about one import. What is absent is sniffed and proposed from the file. */
export const importSettingsSchema = z.strictObject({
  format: sniffedSchema.partial().optional(),
  mapping: importMappingSchema.optional(),
  options: importOptionsSchema.prefault({}),
})
export type ImportSettings = z.infer<typeof importSettingsSchema>

/** Settings with nothing left open: all that reading the rows of one file needs. */
export interface ReadSettings {
  readonly format: Sniffed
  readonly mapping: ImportMapping
  readonly options: ImportOptions
}
