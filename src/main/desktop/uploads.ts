import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Answer, Refusal } from '../../shared/errors.ts'
import type { Upload } from '../../shared/operations/uploads.ts'
import type { Caller } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import type { Log } from '../services/ports.ts'
import type { UploadService } from '../services/uploads.ts'
import { refusedBy } from './refused.ts'

/**
 * Takes a list that a person has dropped or chosen: copies it into the data folder, as one that came over the network,
 * so that the import does not depend on where it lay.
 */
export async function takeFile(
  parts: {
    readonly dispatch: Dispatcher
    readonly caller: Caller | null
    readonly uploads: Pick<UploadService, 'receive' | 'discard'>
    readonly log: Log
  },
  path: unknown,
): Promise<Answer<Upload>> {
  const { dispatch, caller, uploads, log } = parts
  try {
    if (!caller) throw new Refusal('authentication_required')
    if (typeof path !== 'string' || path === '') {
      throw new Refusal('file_refused', 'This is no file of this computer. Choose one, or drop it here from a folder.')
    }
    // Asked for its own sake: who may not import does not fill the disk either.
    const allowed = await dispatch('uploads.list', {}, caller)
    if (!allowed.ok) return allowed
    const found = await stat(path)
    if (!found.isFile()) throw new Refusal('file_refused', 'This is a folder. Choose the file with the list in it.')
    const { id } = await uploads.receive(createReadStream(path), caller)
    const answer = await dispatch('uploads.register', { id, fileName: basename(path).slice(0, 200) }, caller)
    if (!answer.ok) uploads.discard(id)
    return answer
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (['ENOENT', 'EACCES', 'EPERM', 'EISDIR'].includes(code) && !(error instanceof Refusal)) {
      return refusedBy(new Refusal('file_refused', 'The file cannot be opened (any more). Choose it again.'))
    }
    if (!(error instanceof Refusal)) log.error('a list could not be taken in', error)
    return refusedBy(error)
  }
}
