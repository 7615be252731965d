import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Credential } from '../../../src/shared/operations/grants.ts'
import type { Service } from '../../../src/shared/operations/services.ts'
import { Desk, htpasswdProgram, htpasswdTakes, Nginx, nginxProgram } from './kit.ts'

describe.skipIf(!nginxProgram || !htpasswdProgram)('credentials at a real nginx', () => {
  let desk: Desk
  let nginx: Nginx
  let wiki: Service
  let files: Service
  /** Somebody who has nothing to do with any of the changes, and has to get in all the time. */
  let witness: Credential
  const refusedWitness: number[] = []

  /** Runs `work` while the witness and the shared password of old keep opening the wiki. */
  async function watched<T>(work: () => Promise<T>): Promise<T> {
    let over = false
    let opened = 0
    const watching = (async () => {
      while (!over || opened < 3) {
        for (const who of [witness, OLD]) {
          const status = await nginx.get('wiki', who)
          if (status === 200) opened += 1
          else refusedWitness.push(status)
        }
      }
    })()
    try {
      return await work()
    } finally {
      over = true
      await watching
    }
  }

  const OLD = { username: 'team', password: 'shared by all' }
  const BEFORE = `# the team of old\nteam:{PLAIN}${OLD.password}\nbackup:{PLAIN}x:used by cron\n`

  beforeAll(async () => {
    desk = await Desk.open()
    // The shared password of old, and somebody else's entry with a remark.
    writeFileSync(desk.path('wiki.htpasswd'), BEFORE)
    nginx = await Nginx.start(nginxProgram!, desk.folder, {
      wiki: desk.path('wiki.htpasswd'),
      files: desk.path('files.htpasswd'),
    })
    wiki = await desk.service('Wiki', { address: nginx.address('wiki'), reload: nginx.reloadCommand() })
    files = await desk.service('Files', { address: nginx.address('files') })
    witness = await desk.granted('Witness', wiki)
  })

  afterAll(async () => {
    await nginx.stop()
    await desk.close()
  })

  it('lets in who was granted, and cuts off who was revoked, at the very next request', async () => {
    await watched(async () => {
      const anna = await desk.granted('Anna Berg', wiki)
      expect(anna.username).toBe('anna-berg_wiki')
      expect(await nginx.get('wiki', anna)).toBe(200)
      expect(await nginx.get('files', anna)).toBe(401)
      expect(await nginx.get('wiki', { ...anna, password: `${anna.password}x` })).toBe(401)
      expect(htpasswdTakes(htpasswdProgram!, wiki.htpasswdFile!, anna)).toBe(true)

      const renewed = await desk.do('grants.regenerate', { id: anna.id })
      expect(await nginx.get('wiki', anna)).toBe(401)
      expect(await nginx.get('wiki', renewed)).toBe(200)

      await desk.do('grants.delete', { id: anna.id })
      expect(await nginx.get('wiki', renewed)).toBe(401)
    })
    expect(refusedWitness).toEqual([])
  })

  it('takes everything away from a person who is deleted, in one step', async () => {
    const person = await desk.do('friends.create', { name: 'Bo', services: [wiki.id, files.id] })
    const credentials = await Promise.all(person.grants.map(({ id }) => desk.do('grants.reveal', { id })))
    expect(await nginx.get('wiki', credentials[0])).toBe(200)
    expect(await nginx.get('files', credentials[1])).toBe(200)
    await watched(() => desk.do('friends.delete', { id: person.id }))
    expect(await nginx.get('wiki', credentials[0])).toBe(401)
    expect(await nginx.get('files', credentials[1])).toBe(401)
    expect(refusedWitness).toEqual([])
    const { items } = await desk.do('audit.list', { limit: 1 })
    expect(items[0]).toMatchObject({ action: 'friends.delete', outcome: 'ok' })
    expect(items[0]!.subject).toBe(`person:${person.id} ${person.grants.map(grant => `grant:${grant.id}`).join(' ')}`)
  })

  it('lets the administrators in, also with a new password', async () => {
    const admin = await desk.do('services.reveal-admin', { id: wiki.id })
    expect(await nginx.get('wiki', admin)).toBe(200)
    const renewed = await desk.do('services.regenerate-admin', { id: wiki.id })
    expect(await nginx.get('wiki', admin)).toBe(401)
    expect(await nginx.get('wiki', renewed)).toBe(200)
  })

  it('ends who has come to the end of their days, and nobody else', async () => {
    const cai = await desk.granted('Cai', wiki)
    const grant = await desk.do('grants.set-expiry', { id: cai.id, days: 3 })
    expect(grant).toMatchObject({ expiresSoon: true, state: 'active' })
    expect(await desk.app.services.access.expireDue()).toBe(0)
    desk.peek.write(tx => tx.run('UPDATE grants SET expires_at = 1 WHERE id = ?', cai.id))
    expect(await desk.app.services.access.expireDue()).toBe(1)
    expect(await nginx.get('wiki', cai)).toBe(401)
    expect(await nginx.get('wiki', witness)).toBe(200)
    const renewed = await desk.do('grants.regenerate', { id: cai.id })
    expect(await nginx.get('wiki', renewed)).toBe(200)
    expect((await desk.do('grants.list', { personId: cai.personId })).grants[0]).toMatchObject({ state: 'active' })
  })

  it('comes out of a hundred changes at once with file and database equal', async () => {
    const start = await Promise.all(
      Array.from({ length: 20 }, (_, at) => desk.do('friends.create', { name: `Leaver ${at}`, services: [files.id] })),
    )
    const people = await Promise.all(
      Array.from({ length: 50 }, (_, at) => desk.do('friends.create', { name: `Person ${at}` })),
    )
    const outcomes = await Promise.allSettled([
      ...people.map(({ id }) => desk.do('grants.create', { personId: id, serviceId: files.id })),
      ...start.map(({ grants }) => desk.do('grants.delete', { id: grants[0]!.id })),
      // Of the same people once more: whoever comes second is refused, whatever the order.
      ...people.slice(0, 15).map(({ id }) => desk.do('grants.create', { personId: id, serviceId: files.id })),
      ...people.slice(40).map(({ id }) => desk.do('friends.delete', { id })),
      ...people.slice(20, 25).map(({ id }) => desk.do('friends.update', { id, services: [] })),
    ])
    expect(outcomes).toHaveLength(100)
    expect(outcomes.filter(outcome => outcome.status === 'rejected').length).toBeGreaterThanOrEqual(15)
    expect(desk.entries(files.htpasswdFile!)).toEqual(desk.wanted(files.id))
    const { grants } = await desk.do('grants.list', { serviceId: files.id })
    expect(grants.length).toBeGreaterThanOrEqual(35)
    for (const { id } of grants) {
      const credential = await desk.do('grants.reveal', { id })
      expect(await nginx.get('files', credential)).toBe(200)
      expect(htpasswdTakes(htpasswdProgram!, files.htpasswdFile!, credential)).toBe(true)
    }
    expect(desk.peek.all('SELECT * FROM access_intents')).toEqual([])
  })

  it('says whether a service answers and asks for a password', async () => {
    const { health } = await desk.do('services.check', { id: wiki.id })
    expect(health).toMatchObject({ ok: true, detail: 'It answers and asks for a password.' })
    const { service } = await desk.do('services.create', {
      name: 'Down',
      address: 'http://127.0.0.1:1/',
      authType: 'none',
    })
    expect((await desk.do('services.check', { id: service.id })).health).toMatchObject({ ok: false })
  })

  it('has left the entries of others as they were', () => {
    const text = readFileSync(desk.path('wiki.htpasswd'), 'utf8')
    expect(text.startsWith(BEFORE)).toBe(true)
  })
})
