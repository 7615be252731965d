import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { afterThisTest, temporaryFolder } from '../../support/folder.ts'
import { ScriptedPhone } from '../../support/world.ts'
import { webhookWorld } from './kit.ts'

const DOCS = readFileSync('docs/webhooks.md', 'utf8')
const hasPython = spawnSync('python3', ['--version']).status === 0

/** The program in the documentation, as it stands there. */
function example(language: 'js' | 'python'): string {
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]+?)\n\`\`\``).exec(DOCS)!
  return code!
}

/** Lines that a program prints, one at a time. */
class Printed {
  readonly #child: ChildProcess
  #text = ''

  constructor(child: ChildProcess) {
    this.#child = child
    child.stdout!.on('data', chunk => {
      this.#text += String(chunk)
    })
  }

  async line(): Promise<string> {
    while (!this.#text.includes('\n')) await once(this.#child.stdout!, 'data')
    const at = this.#text.indexOf('\n')
    const line = this.#text.slice(0, at)
    this.#text = this.#text.slice(at + 1)
    return line
  }
}

describe('the receivers of docs/webhooks.md', () => {
  it.each([
    ['js', process.execPath, 'receiver.mjs', true],
    ['python', 'python3', 'receiver.py', hasPython],
  ] as const)('%s takes a real delivery once, and no forged or stale one', async (language, program, name, there) => {
    if (!there) {
      console.warn(`${program} is not here, so the example in ${language} was skipped`)
      return
    }
    const file = join(temporaryFolder('receiver'), name)
    writeFileSync(file, `${example(language)}\n`)
    const { world, newSender, handlers, context, requests, deliveries } = await webhookWorld()
    // The receiver has to know the secret before it starts, and the webhook the port after it.
    const { webhook, secret } = await handlers['webhooks.create'](
      { name: 'Docs', url: 'http://127.0.0.1:9/', events: ['inbound.text'], active: true },
      context(),
    )
    const env = { PATH: process.env['PATH'], WEBHOOK_SECRET: secret, PORT: '0' }
    const child = spawn(program, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    afterThisTest(() => void child.kill())
    const printed = new Printed(child)
    const [, port] = /^listening (\d+)$/.exec(await printed.line())!
    const url = `http://127.0.0.1:${port}/hook`
    await handlers['webhooks.update']({ id: webhook.id, url }, context())

    const sender = newSender()
    sender.start()
    const phone = new ScriptedPhone(world, world.addPhone().phoneId)
    await phone.connect(0)
    await phone.text('+12125550101', 'Grüße 👋', 5)
    sender.wake()
    expect(await printed.line()).toBe(`took inbound.text text:1:5:${world.now}`)
    await sender.idle()
    expect(deliveries()).toMatchObject([{ state: 'delivered' }])

    const genuine = requests[0]!
    const post = async (body: string, headers: Record<string, string> = {}) =>
      (await fetch(url, { method: 'POST', body, headers: { ...genuine.headers, ...headers } })).status
    const signature = genuine.headers['X-Campaign-Connector-Signature']!
    const signed = (value: string) => ({ 'X-Campaign-Connector-Signature': value })
    expect(await post(genuine.body)).toBe(204)
    expect(await post(`${genuine.body} `)).toBe(401)
    expect(await post(genuine.body, signed(signature.replace(/v1=./, 'v1=x')))).toBe(401)
    expect(
      await post(genuine.body, signed(signature.replace(/t=\d+/, `t=${Math.floor(Date.now() / 1000) - 400}`))),
    ).toBe(401)
    for (const odd of ['', 't=', 'v1=', 't=1,v1', 'nonsense', 't=²,v1=é', `t=${Math.floor(Date.now() / 1000)},v1=`]) {
      expect(await post(genuine.body, signed(odd))).toBe(401)
    }
    // What came twice was taken once: the next line is of the next delivery.
    await handlers['webhooks.test']({ id: webhook.id }, context())
    expect(await printed.line()).toMatch(/^took test /)
    await sender.stop()
  })
})

describe('docs/webhooks.md', () => {
  it('names every event and every field that is sent', async () => {
    const { WEBHOOK_EVENTS, DELIVERY_STATES } = await import('../../../src/shared/operations/webhooks.ts')
    for (const event of WEBHOOK_EVENTS) expect(DOCS).toContain(`\`${event}\``)
    for (const state of DELIVERY_STATES.filter(one => one !== 'pending' && one !== 'delivered'))
      expect(DOCS).toContain(state)
    const facts = readFileSync('src/main/db/webhook-facts.ts', 'utf8')
    for (const [, field] of facts.matchAll(/^ {4}(\w+): (?:number|string)/gm)) {
      if (field !== 'rowId')
        expect({ field, named: DOCS.includes(`\`${field}\``) || DOCS.includes(`"${field}"`) }).toEqual({
          field,
          named: true,
        })
    }
  })
})
