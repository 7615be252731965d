import { basename } from 'node:path'
import multipart from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../../shared/errors.ts'
import { importSettingsSchema } from '../../shared/imports/settings.ts'
import type { Upload } from '../../shared/operations/uploads.ts'
import type { Caller } from '../services/operations/caller.ts'
import { LARGEST_UPLOAD } from '../services/uploads.ts'
import { askerOf, entering } from './gate.ts'
import type { HttpContext } from './server.ts'

/** With a boundary of at most 70 characters, as RFC 2046 5.1.1 has it. */
const FORM = /^multipart\/form-data\s*;(?:[^"]*;)?\s*boundary=(?:"[^"]{1,70}"|[^\s";,]{1,70})\s*(?:;|$)/i
/** What may come beside the file, as text. */
const FIELD_BYTES = 64 * 1024

const campaignFields = z.strictObject({
  name: z.string().trim().min(1).max(120),
  template: z.string().trim().min(1).max(5000),
  list: z.string().trim().min(1).max(120).optional(),
  settings: importSettingsSchema.prefault({}),
})

interface Received {
  readonly id: string
  readonly fileName: string
  readonly fields: Readonly<Record<string, string>>
}

/** Lists that come in as files: streamed to the data folder, checked, and from there imported. */
export async function addUploads(context: HttpContext): Promise<void> {
  const { gate, uploads, dispatch } = context
  const enter = entering(gate)
  const options = { onRequest: [enter, mayUpload], config: { uploads: true } }

  await context.app.register(async app => {
    await app.register(multipart, {
      throwFileSizeLimit: false,
      limits: {
        ...{ files: 1, fields: 8, parts: 10, headerPairs: 20, fieldNameSize: 60, fieldSize: FIELD_BYTES },
        fileSize: LARGEST_UPLOAD + 1,
      },
    })

    app.post('/api/csv/upload', options, async (request, reply) => {
      const { caller } = askerOf(request)
      const received = await receive(request, caller, [])
      const { upload, preview } = await look(received, caller)
      return reply.send({ upload, preview })
    })

    app.post('/api/campaign/upload', options, async (request, reply) => {
      const { caller } = askerOf(request)
      const received = await receive(request, caller, ['name', 'template', 'list', 'settings'])
      const wanted = await orDiscard(received, () => readFields(received.fields))
      const { upload } = await look(received, caller, wanted.settings)
      return reply.send(await makeCampaign(upload, wanted, caller))
    })
  })

  async function mayUpload(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const asking = askerOf(request)
    await gate.permit(asking, 'uploads.register')
    await gate.permit(asking, 'campaigns.create')
    if (request.headers['idempotency-key'] !== undefined) {
      const message = 'Only requests that send take an Idempotency-Key. Leave it out here.'
      throw new Refusal('invalid_input', message, { 'Idempotency-Key': message })
    }
    if (!FORM.test(request.headers['content-type'] ?? '')) {
      throw new Refusal('invalid_input', NO_FORM, { file: NO_FORM })
    }
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_UPLOAD + 10 * FIELD_BYTES) {
      reply.header('Connection', 'close')
      throw new Refusal('too_large', `A list may have ${LARGEST_UPLOAD / 1024 ** 2} MB. Split it into several files.`)
    }
  }

  async function receive(request: FastifyRequest, caller: Caller, allowed: readonly string[]): Promise<Received> {
    const fields: Record<string, string> = {}
    let file: { id: string; fileName: string } | null = null
    try {
      for await (const part of request.parts()) {
        if (part.type === 'file') {
          if (part.fieldname !== 'file') throw unknownField(part.fieldname)
          const { id } = await uploads.receive(pieces(request, part.file), caller)
          file = { id, fileName: cleanName(part.filename) }
        } else {
          if (!allowed.includes(part.fieldname) || Object.hasOwn(fields, part.fieldname)) {
            throw unknownField(part.fieldname)
          }
          if (part.valueTruncated) throw new Refusal('too_large', `The field ${part.fieldname} is too long.`)
          fields[part.fieldname] = String(part.value)
        }
      }
    } catch (error) {
      if (file) uploads.discard(file.id)
      throw inOwnWords(error)
    }
    if (!file) throw new Refusal('invalid_input', NO_FORM, { file: NO_FORM })
    return { ...file, fields }
  }

  /** Puts the upload on record and looks whether it is a list at all; what is none is not kept. */
  async function look(
    received: Received,
    caller: Caller,
    settings: z.output<typeof importSettingsSchema> | null = null,
  ) {
    const { id, fileName } = received
    const upload = await orDiscard(received, async () =>
      dataOf(await dispatch('uploads.register', { id, fileName }, caller, 'remote')),
    )
    const preview = await dispatch('uploads.preview', { upload: id, ...(settings && { settings }) }, caller, 'remote')
    if (!preview.ok) await dispatch('uploads.delete', { id }, caller, 'remote')
    return { upload, preview: dataOf(preview) }
  }

  async function orDiscard<T>(received: Received, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      uploads.discard(received.id)
      throw error
    }
  }

  async function makeCampaign(upload: Upload, wanted: z.output<typeof campaignFields>, caller: Caller) {
    const { name, template, settings } = wanted
    // A list of its own, so that nobody is in the audience who is not in the file.
    const list = wanted.list ?? `${name.slice(0, 110)} ${upload.id.slice(0, 6)}`
    const options = { ...settings.options, list }
    const campaign = await dispatch(
      'campaigns.create',
      { name, template, audience: { lists: [list] } },
      caller,
      'remote',
    )
    if (!campaign.ok) {
      await dispatch('uploads.delete', { id: upload.id }, caller, 'remote')
      return dataOf(campaign)
    }
    const started = await dispatch(
      'uploads.start',
      { upload: upload.id, settings: { ...settings, options } },
      caller,
      'remote',
    )
    if (!started.ok) {
      await dispatch('campaigns.delete', { id: campaign.data.id }, caller, 'remote')
      await dispatch('uploads.delete', { id: upload.id }, caller, 'remote')
    }
    return { campaign: campaign.data, import: dataOf(started), list }
  }
}

/** The pieces of a file as they come; a long pause between two ends the connection. */
async function* pieces(request: FastifyRequest, file: AsyncIterable<Buffer>) {
  for await (const piece of file) {
    request.bodyTimer?.refresh()
    yield piece
  }
}

function readFields(fields: Readonly<Record<string, string>>): z.output<typeof campaignFields> {
  const { settings, ...others } = fields
  const parsed = campaignFields.safeParse({ ...others, ...(settings !== undefined && { settings: json(settings) }) })
  if (parsed.success) return parsed.data
  const named = Object.fromEntries(parsed.error.issues.map(issue => [issue.path.join('.'), issue.message]))
  const sentence = Object.entries(named)
    .map(([field, message]) => `${field}: ${message}`)
    .join('; ')
  throw new Refusal('invalid_input', `Some of the fields are not what this needs. ${sentence}`.slice(0, 1000), named)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid_input', 'The field settings is no JSON.', { settings: 'is no JSON' })
  }
}

function dataOf<T>(
  answer: { ok: true; data: T } | { ok: false; error: ConstructorParameters<typeof RefusalOf>[0] },
): T {
  if (answer.ok) return answer.data
  throw new RefusalOf(answer.error)
}

class RefusalOf extends Refusal {
  constructor(body: {
    code: Refusal['code']
    message: string
    fields?: Readonly<Record<string, string>>
    retryAfterMs?: number
  }) {
    super(body.code, body.message, { ...body.fields }, body.retryAfterMs ?? null)
  }
}

/** The last part of the name that the sender gave, without control characters. */
function cleanName(name: string | undefined): string {
  const last = basename((name ?? '').replaceAll('\\', '/')).replace(
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    '',
  )
  return last.trim().slice(0, 200) || 'upload.csv'
}

/** Faults of the form itself, as a refusal. */
function inOwnWords(error: unknown): unknown {
  if (error instanceof Refusal) return error
  const { code = '', statusCode } = error as { code?: string; statusCode?: number }
  if (statusCode === 413) return new Refusal('too_large', 'The form has more or larger parts than this takes.')
  if (code.startsWith('FST_') || /multipart|boundary|form|broken off|premature/i.test(String(error))) {
    return new Refusal('invalid_input', 'The form was broken off, or is no multipart/form-data. Send it again.')
  }
  return error
}

function unknownField(name: string): Refusal {
  const field = name.replace(/[^\w.-]/g, '').slice(0, 60)
  return new Refusal('invalid_input', `The form has a field "${field}" that this does not take, or has it twice.`)
}

const NO_FORM = 'Send the list as the field "file" of a multipart form: curl -F file=@contacts.csv'
