import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import { LinkDoor } from '../../src/main/link/door.ts'
import { linkProblem, type Where } from '../../src/main/link/problem.ts'
import { LinkListenError } from '../../src/main/link/server.ts'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import type { Happening } from '../../src/main/services/ports.ts'
import { QUIET, temporaryFolder } from '../support/folder.ts'
import { openTestApp, runProgram } from '../support/hub.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Another program that has a port. */
async function otherProgram(): Promise<{ port: number; end: () => Promise<unknown> }> {
  const server: Server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const end = async () => {
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  closers.push(end)
  return { port, end }
}

async function statusOf(app: App) {
  const answer = await app.dispatch('system.status', {}, LOCAL)
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.data
}

describe('a port that another program has', () => {
  it('keeps no window from opening: it is said, tried again, and told when it works', async () => {
    const other = await otherProgram()
    const app = await openTestApp({
      ...{ serve: true, link: { host: '127.0.0.1', port: other.port, mayWait: true, everyMs: 30 } },
    })
    closers.push(() => app.close())
    const told: Happening[] = []
    app.happenings.listen(happening => void told.push(happening))
    const before = await statusOf(app)
    expect(before.link).toBeNull()
    expect(before.linkProblem).toMatch(
      new RegExp(`127.0.0.1:${other.port}: another program uses that port. .* under Phones`),
    )
    expect(before.sendingBlockedBy).toContain(before.linkProblem)
    expect(app.notices.join(' ')).toContain(before.linkProblem)
    const doctor = await app.dispatch('system.doctor', {}, LOCAL)
    expect(doctor.ok && doctor.data.findings.find(finding => finding.check === 'phone link')).toMatchObject({
      ok: false,
    })
    await other.end()
    await expect.poll(async () => (await statusOf(app)).link?.listening).toEqual([`127.0.0.1:${other.port}`])
    expect(told).toContainEqual({ type: 'link' })
    const after = await statusOf(app)
    expect([after.linkProblem, after.sendingBlockedBy]).toEqual([null, []])
  })

  it('is left for another one in the settings, at once', async () => {
    const other = await otherProgram()
    const folder = temporaryFolder('link')
    const app = await openTestApp({ folder, serve: true, link: { port: 0 } })
    closers.push(() => app.close())
    await app.close()
    const closed = await openTestApp({ folder })
    await closed.dispatch('settings.update', { linkPort: other.port }, LOCAL)
    await closed.close()
    const again = await openTestApp({ folder, serve: true, link: { mayWait: true } })
    closers.push(() => again.close())
    expect((await statusOf(again)).linkProblem).not.toBeNull()
    await again.dispatch('settings.update', { linkPort: 0 }, LOCAL)
    await expect.poll(async () => (await statusOf(again)).link?.listening.length).toBe(1)
    await again.dispatch('settings.update', { linkPort: other.port }, LOCAL)
    await expect.poll(async () => (await statusOf(again)).linkProblem).toMatch(/Until then it stays where it was/)
    const stays = await statusOf(again)
    expect([stays.link?.listening.length, stays.sendingBlockedBy]).toEqual([1, []])
  })

  it('ends "serve" with one sentence', async () => {
    const other = await otherProgram()
    const ended = await runProgram(['serve', '--link-port', String(other.port)], { folder: temporaryFolder('serve') })
    expect(ended.code).toBe(1)
    expect(ended.stderr.trim()).toMatch(/^The link for phones cannot listen on 127\.0\.0\.1:\d+: another program uses/)
    expect(ended.stderr.trim().split('\n')).toHaveLength(1)
  })
})

it('an address that this computer has not is said as that', async () => {
  // Kept for documentation by RFC 5737: no computer has it.
  const app = await openTestApp({ serve: true, link: { host: '192.0.2.77', port: 0, mayWait: true } })
  closers.push(() => app.close())
  expect((await statusOf(app)).linkProblem).toMatch(/no address 192\.0\.2\.77 at the moment/)
})

describe('the door', () => {
  const wifi: Where = { host: '192.168.1.20', port: 8443 }

  function door(wanted: () => Where = () => wifi) {
    const has = new Set([wifi.host, '127.0.0.1'])
    const log: string[] = []
    const state: { current: { close(): Promise<void> } | null; problem: string | null } = {
      current: null,
      problem: null,
    }
    const made = new LinkDoor({
      ...{ state, wanted, log: QUIET, everyMs: 5, hasAddress: (host: string) => has.has(host) },
      open: async where => {
        if (!has.has(where.host)) throw new LinkListenError(linkProblem(where, 'EADDRNOTAVAIL'))
        log.push(`open ${where.host}`)
        return { close: async () => void log.push(`close ${where.host}`) }
      },
      changed: () => void log.push(state.problem === null ? 'works' : 'problem'),
    })
    closers.push(() => made.stop())
    return { made, state, has, log }
  }

  it('closes when its network is gone, says so once, and opens when that is back', async () => {
    const { made, state, has, log } = door()
    await made.start(false)
    has.delete(wifi.host)
    await expect.poll(() => state.problem).toMatch(/no address 192\.168\.1\.20/)
    expect(state.current).toBeNull()
    has.add(wifi.host)
    await expect.poll(() => state.current).not.toBeNull()
    expect(state.problem).toBeNull()
    expect(log).toEqual([`open ${wifi.host}`, 'works', `close ${wifi.host}`, 'problem', `open ${wifi.host}`, 'works'])
  })

  it('goes back to where it was when it cannot move, and says both', async () => {
    let wanted: Where = { host: '127.0.0.1', port: 8443 }
    const { made, state, has } = door(() => wanted)
    has.delete(wifi.host)
    await made.start(false)
    wanted = wifi
    made.move()
    await expect.poll(() => state.problem).toMatch(/192\.168\.1\.20.*stays where it was/s)
    expect(state.current).not.toBeNull()
    wanted = { host: '127.0.0.1', port: 8443 }
    made.move()
    await expect.poll(() => state.problem).toBeNull()
  })

  it('throws what keeps a hub from starting that may not wait', async () => {
    const { made, has } = door()
    has.clear()
    await expect(made.start(false)).rejects.toThrow(LinkListenError)
  })
})
