import { Refusal } from '../../../shared/errors.ts'
import type { ChangeContext } from '../operations/dispatch.ts'
import type { Auth } from './service.ts'

/**
 * For what cannot be taken back: a user types their password once more, and a key cannot. The owner of the data folder has
 * typed the confirmation. @throws Refusal
 */
export async function passwordOnceMore(
  auth: Pick<Auth, 'checkPassword'>,
  { caller, source }: Pick<ChangeContext, 'caller' | 'source'>,
  password: string | undefined,
): Promise<void> {
  if (caller.kind === 'local') return
  if (caller.kind === 'key') {
    throw new Refusal('forbidden', 'This needs the password of an administrator, so an API key cannot do it. Sign in.')
  }
  if (password === undefined) throw wrongPassword('Type your password again.')
  if (await auth.checkPassword(caller.id, password, source)) return
  throw wrongPassword('This is not your password, or the account is locked for now after too many wrong ones.')
}

function wrongPassword(message: string): Refusal {
  return new Refusal('invalid_input', message, { password: message })
}
