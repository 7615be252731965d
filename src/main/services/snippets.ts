import { Refusal } from '../../shared/errors.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { measure } from '../../shared/sms/segments.ts'
import { parseTemplate, renderTemplate } from '../../shared/sms/template.ts'
import { contactByNumber } from '../db/contacts.ts'
import {
  deleteReplyTemplate,
  insertReplyTemplate,
  listReplyTemplates,
  replyTemplateById,
  replyTemplateNamed,
  updateReplyTemplate,
} from '../db/conversations.ts'
import type { Database, Reader } from '../db/database.ts'
import { templateValues } from '../domain/fields.ts'
import { problemText } from './campaigns/preview.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'
import { wantedThread } from './threads.ts'

type SnippetOperations = 'inbox.templates' | 'inbox.save-template' | 'inbox.delete-template' | 'inbox.fill-template'

/** Saved replies: templates as those of campaigns, filled in with the fields of the person who is answered. */
export function snippetHandlers({ db, clock }: { db: Database; clock: Clock }): HandlersFor<SnippetOperations> {
  return {
    'inbox.templates': () => ({ templates: listReplyTemplates(db) }),

    'inbox.save-template': ({ id, name, body }, { actor, commit }) => {
      const parsed = parseTemplate(body)
      if (!parsed.ok) {
        const message = problemText(parsed.error)
        throw new Refusal('invalid_input', message, { body: message })
      }
      return commit((tx, about) => {
        if (id !== undefined) wantedTemplate(tx, id)
        const other = replyTemplateNamed(tx, name)
        if (other && other.id !== id) {
          const message = `There is a saved reply "${other.name}" already. Choose another name.`
          throw new Refusal('exists_already', message, { name: message })
        }
        const saved = { name, body }
        if (id !== undefined) updateReplyTemplate(tx, { id, ...saved }, clock.now())
        const kept = id ?? insertReplyTemplate(tx, { ...saved, by: actor, at: clock.now() })
        about('reply-template', kept)
        return { id: kept, ...saved }
      })
    },

    'inbox.delete-template': ({ id }, { commit }) => {
      commit((tx, about) => {
        about('reply-template', wantedTemplate(tx, id).id)
        deleteReplyTemplate(tx, id)
      })
      return { done: true }
    },

    'inbox.fill-template': ({ id, threadId }) =>
      filled(db, wantedTemplate(db, id).body, wantedThread(db, threadId).number),
  }
}

/** A saved reply for the person with this number. Who is no contact has a number and no other field. */
function filled(db: Reader, body: string, number: string): OutputOf<'inbox.fill-template'> {
  const parsed = parseTemplate(body)
  const contact = contactByNumber(db, number) ?? { ...NOBODY, number }
  const rendered = parsed.ok
    ? renderTemplate(parsed.template, templateValues(contact))
    : { ok: false as const, message: problemText(parsed.error) }
  const text = rendered.ok ? rendered.text : ''
  const { segments, encoding } = measure(text)
  return { text, problem: rendered.ok ? null : rendered.message, segments, encoding }
}

const NOBODY = { country: null, firstName: '', lastName: '', email: '', zone: null, attributes: '{}' }

function wantedTemplate(db: Reader, id: number) {
  const template = replyTemplateById(db, id)
  if (!template) throw new Refusal('not_found', 'There is no such saved reply (any more).')
  return template
}
