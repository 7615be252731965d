import { open, unlink } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileRefusal } from '../csv-file.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import { type PersonParts, personRecord } from './person-record.ts'
import { readable } from './person-text.ts'

/** Everything about one number (GDPR, articles 15 and 20). */
export function personHandlers(parts: PersonParts): HandlersFor<'person.export' | 'person.save'> {
  const exported = (number: string) => {
    const { data, found } = personRecord(parts, number)
    return { number, found, data, text: readable(data, found) }
  }
  return {
    'person.export': ({ number }) => exported(number),
    'person.save': async ({ number, format, path }) => {
      const { found, data, text } = exported(number)
      const whole = await writeFile(path, format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : text)
      return { path: whole, found }
    },
  }
}

/** Readable by its owner only, and never over a file that is there. */
async function writeFile(path: string, text: string): Promise<string> {
  const whole = resolve(path)
  const file = await open(whole, 'wx', 0o600).catch(error => {
    throw fileRefusal(error, whole)
  })
  try {
    await file.writeFile(text)
    await file.sync()
    await file.close()
    return whole
  } catch (error) {
    await file.close().catch(() => {})
    await unlink(whole).catch(() => {})
    throw fileRefusal(error, whole)
  }
}
