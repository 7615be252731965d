import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { openVault, type Vault } from '../../../src/main/services/vault.ts'
import type { TargetRequest } from '../../../src/main/services/webhooks/request.ts'
import { createTargetPost } from '../../../src/main/services/webhooks/request.ts'
import { WebhookSender } from '../../../src/main/services/webhooks/sender.ts'
import { webhookHandlers } from '../../../src/main/services/webhooks/service.ts'
import type { WebhookTopic } from '../../../src/shared/operations/webhooks.ts'
import { afterThisTest, changeContext, QUIET, testRandom } from '../../support/folder.ts'
import { World } from '../../support/world.ts'

/** A database with a dispatch over it, and what sends webhooks out of it. */
export async function webhookWorld() {
  const world = new World()
  /** The database's own clock stamps what is stored, so the test's runs beside it. */
  const time = { ahead: 0 }
  const clock = { now: () => Date.now() + time.ahead, mono: () => performance.now() + time.ahead }
  const random = testRandom('webhooks')
  const keyFile = join(world.folder, 'data.key')
  const parts = { db: world.db, clock, random, log: QUIET }
  const vault = await openVault({ ...parts, openers: [keyFileOpener(keyFile, random)] })
  const target = createTargetPost()
  const requests: TargetRequest[] = []
  const senders: WebhookSender[] = []
  const newSender = (given: Partial<{ vault: Vault; post: typeof target.post }> = {}) => {
    const post = (request: TargetRequest) => {
      requests.push(request)
      return (given.post ?? target.post)(request)
    }
    const sender = new WebhookSender({ ...parts, vault: given.vault ?? vault, version: '1', post })
    senders.push(sender)
    return sender
  }
  const handlers = webhookHandlers({ ...parts, vault, wake: () => senders.at(-1)?.wake() })
  const context = () => changeContext(world.db)
  const add = async (url: string, events: WebhookTopic[] = ['inbound.text']) =>
    handlers['webhooks.create']({ name: 'Hook', url, events, active: true }, context())
  const deliveries = () =>
    world.db.all<{
      uid: string
      webhookId: number
      event: string
      subject: string
      state: string
      attempts: number
      error: string
      nextAt: number
    }>(
      `SELECT uid, webhook_id AS webhookId, event, subject, state, attempts, error, next_at AS nextAt
       FROM webhook_deliveries ORDER BY id`,
    )
  afterThisTest(() => {
    target.close()
    world.close()
  })
  return { world, time, clock, vault, newSender, requests, handlers, context, add, deliveries }
}

/** Whether a signature fits the body and one secret, and how old it is in seconds. */
export function verify(signature: string, body: string, secret: string, now: number): { fits: boolean; age: number } {
  const parts = signature.split(',').map(part => part.split('=') as [string, string])
  const time = Number(parts.find(([name]) => name === 't')?.[1])
  const wanted = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
  return { fits: parts.some(([name, hex]) => name === 'v1' && hex === wanted), age: now / 1000 - time }
}
