import { describe, expect, it } from 'vitest'
import { RESET_CONFIRMATION } from '../../../src/shared/operations/database.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { runProgram, startHub } from '../../support/hub.ts'
import { Receiver } from '../../support/receiver.ts'
import { verify } from './kit.ts'

describe('campaign-connector webhooks', () => {
  it('makes one, tests it, shows what failed and sends it again', { timeout: 180_000 }, async () => {
    const folder = temporaryFolder('hooks')
    const receiver = await Receiver.start()
    const run = (...args: string[]) => runProgram(args, { folder })
    // Without a hub: it can be made, but nothing is sent.
    const made = await run(
      'webhooks',
      'create',
      '--name',
      'CRM',
      '--url',
      receiver.url,
      '--event',
      'inbound.text',
      '--json',
    )
    const { webhook, secret } = JSON.parse(made.stdout) as { webhook: { id: number }; secret: string }
    expect(webhook).toMatchObject({ id: 1, events: ['inbound.text'], active: true })
    const bad = await run(
      'webhooks',
      'create',
      '--name',
      'X',
      '--url',
      'http://example.org/',
      '--event',
      'inbound.text',
    )
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('this computer only') })

    const hub = await startHub(folder)
    try {
      expect(await run('webhooks', 'test', '1')).toMatchObject({ code: 0, stdout: 'The target took it (204).\n' })
      const { headers, body } = receiver.received[0]!
      const signature = String(headers['x-campaign-connector-signature'])
      expect(verify(signature, body, secret, Date.now()).fits).toBe(true)
      receiver.react = response => response.writeHead(418).end()
      const failed = await run('webhooks', 'test', '1')
      expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('The target answered 418.') })
      const list = await run('webhooks', 'list')
      expect(list.stdout).toContain('The target answered 418.')
      expect(list.stdout).not.toContain(secret)
      expect((await run('doctor')).stdout).toMatch(/FAIL {2}webhook 1: CRM fails/)
      const deliveries = await run('webhooks', 'deliveries', '1', '--state', 'pending', '--json')
      const { items } = JSON.parse(deliveries.stdout) as { items: { id: string }[] }
      expect(items).toHaveLength(1)
      receiver.react = response => response.writeHead(204).end()
      const before = receiver.received.length
      expect(await run('webhooks', 'replay', '1', items[0]!.id)).toMatchObject({ code: 0 })
      await receiver.until(() => receiver.received.length > before)
      expect(receiver.received.at(-1)!.json.id).toBe(items[0]!.id)
    } finally {
      await hub.stop()
    }
    const rotated = await run('webhooks', 'rotate-secret', '1', '--grace', '0')
    expect(rotated.stdout).toMatch(/whsec_[\w-]{43}\nThe old one ends now\./)
    expect(await run('webhooks', 'delete', '1')).toMatchObject({ code: 0 })
    expect((await run('webhooks', 'list')).stdout).toBe('There is no webhook.\n')
  })
})

describe('campaign-connector database', () => {
  it('is emptied only by the right words', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder('database')
    const run = (...args: string[]) => runProgram(args, { folder })
    await run('contacts', 'add', '+12025550101', '--first-name', 'Ada')
    const contacts = async () =>
      (JSON.parse((await run('database', 'stats', '--json')).stdout) as { contacts: number }).contacts
    expect(await contacts()).toBe(1)
    expect(await run('database', 'reset')).toMatchObject({ code: 2, stderr: expect.stringContaining('--confirm') })
    expect(await run('database', 'reset', '--confirm', 'yes')).toMatchObject({ code: 2 })
    expect(await contacts()).toBe(1)
    const reset = await run('database', 'reset', '--confirm', RESET_CONFIRMATION)
    expect(reset).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Removed 1 contact,.*\n.*before-reset\.sqlite/),
    })
    expect(await contacts()).toBe(0)
  })
})
