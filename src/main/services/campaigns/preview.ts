import type { z } from 'zod'
import { Refusal } from '../../../shared/errors.ts'
import type { previewSchema } from '../../../shared/operations/campaigns.ts'
import type { InputOf, OutputOf } from '../../../shared/operations/index.ts'
import { countSegments } from '../../../shared/sms/segments.ts'
import {
  parseTemplate,
  type Rendered,
  renderTemplate,
  type Template,
  type TemplateProblem,
  unknownFields,
} from '../../../shared/sms/template.ts'
import { replaceInTemplate } from '../../../shared/sms/template-replacements.ts'
import { type AudienceContact, nextOfAudience } from '../../db/audience.ts'
import { audienceContactById, knownFields } from '../../db/contacts.ts'
import type { Reader } from '../../db/database.ts'
import { fullName, templateValues } from '../../domain/fields.ts'

type Preview = z.infer<typeof previewSchema>

/** The template as a few contacts of the audience would get it; a made-up one where the audience is empty. */
export function previewOf(db: Reader, input: InputOf<'campaigns.preview'>): OutputOf<'campaigns.preview'> {
  const parsed = parseTemplate(input.template)
  const replaced = replaceInTemplate(input.template).text
  const people = peopleFor(db, input)
  return {
    previews: parsed.ok
      ? people.length > 0
        ? people.map(contact => shown(contact, renderTemplate(parsed.template, templateValues(contact))))
        : [shown(null, renderTemplate(parsed.template, namesAsValues(parsed.template)))]
      : [shown(people[0] ?? null, { ok: false, code: 'template_error', message: problemText(parsed.error) })],
    unknownFields: parsed.ok ? unknownFields(parsed.template, knownFields(db)) : [],
    replaced: replaced === input.template ? null : replaced,
  }
}

/** Where a template cannot be read, and why, in one sentence. */
export function problemText(problem: TemplateProblem): string {
  return `Line ${problem.line}, column ${problem.col}: ${problem.message}`
}

function peopleFor(db: Reader, input: InputOf<'campaigns.preview'>): AudienceContact[] {
  if (input.contactId === undefined) return nextOfAudience(db, input.audience, 0, input.contacts)
  const contact = audienceContactById(db, input.contactId)
  if (!contact) throw new Refusal('not_found', `There is no contact ${input.contactId}.`)
  return [contact]
}

/** Shows where fields will stand as long as there is nobody to take them from. */
function namesAsValues(template: Template): Record<string, string> {
  return Object.fromEntries(template.fields.map(field => [field, `(${field})`]))
}

function shown(contact: AudienceContact | null, rendered: Rendered): Preview {
  const text = rendered.ok ? rendered.text : ''
  const { encoding, segments, unitsLeft, forcing } = countSegments(text)
  const chars = new Map(forcing.map(({ char, suggestion }) => [char, suggestion ?? null]))
  return {
    contact: contact && { id: contact.id, number: contact.number, name: fullName(contact) },
    ok: rendered.ok,
    text,
    error: rendered.ok ? '' : rendered.message,
    encoding,
    segments,
    unitsLeft,
    forcing: [...chars].map(([char, suggestion]) => ({ char, suggestion })),
  }
}
