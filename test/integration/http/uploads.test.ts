import { once } from 'node:events'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createUploads } from '../../../src/main/services/uploads.ts'
import { Refusal } from '../../../src/shared/errors.ts'
import { dataFolder } from '../../support/folder.ts'
import { form, Hub } from './kit.ts'

const LIST = 'name,phone\nAnn,+12025550142\nBob,+12025550143\n'
let hub: Hub
let key: string
let other: string

beforeAll(async () => {
  hub = await Hub.open({ web: false })
  key = await hub.key('user')
  other = await hub.key('user', 'other')
})
afterAll(() => hub.close())

const folder = () => join(hub.folder, 'uploads')
const files = () => (existsSync(folder()) ? readdirSync(folder()) : [])
const get = (path: string, by = key) => hub.ask(path, { headers: { 'x-api-key': by } })
const post = (path: string, body: unknown, by = key) =>
  hub.ask(path, { method: 'POST', body, headers: { 'x-api-key': by } })
const upload = (
  fields: Record<string, string>,
  file: { name: string; content: string } | null,
  path = '/api/csv/upload',
) => {
  const { body, headers } = form(fields, file)
  return hub.ask(path, { method: 'POST', body, headers: { ...headers, 'x-api-key': key } })
}
const idOf = (answer: { body: Record<string, unknown> }) => (answer.body['upload'] as { id: string }).id

async function ended(id: number): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> = {}
  await expect
    .poll(
      async () => {
        found = (await get(`/api/imports/${id}`)).body
        return found['state']
      },
      { timeout: 20_000 },
    )
    .not.toBe('running')
  return found
}

describe('a list that comes in', () => {
  it('is looked at, imported, and removed', async () => {
    const answer = await upload({}, { name: 'C:\\lists\\people.csv', content: LIST })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      upload: { fileName: 'people.csv', bytes: LIST.length, importId: null },
      preview: { mapping: { phones: ['phone'] }, rows: [{ number: '+12025550142' }, { number: '+12025550143' }] },
    })
    expect(statSync(join(folder(), idOf(answer))).mode & 0o777).toBe(0o600)
    expect(statSync(folder()).mode & 0o777).toBe(0o700)
    expect((await get('/api/uploads')).body).toMatchObject({ uploads: [{ id: idOf(answer) }] })
    const preview = await post('/api/imports/preview', { upload: idOf(answer), rows: 1 })
    expect(preview.body['rows']).toHaveLength(1)
    const started = await post('/api/imports/start', {
      upload: idOf(answer),
      settings: { options: { tags: ['uploaded'] } },
    })
    expect(started.body).toMatchObject({ fileName: 'people.csv' })
    expect(await ended(Number(started.body['id']))).toMatchObject({ state: 'completed', created: 2 })
    await expect.poll(files, { timeout: 10_000 }).toEqual([])
    expect((await get('/api/uploads')).body).toEqual({ uploads: [] })
    expect((await get('/api/contacts?tags=uploaded')).body['items']).toHaveLength(2)
  })

  it('is not taken when it is no list, and nothing is left of it', async () => {
    for (const file of [
      { name: 'a.csv', content: '' },
      { name: 'a.xlsx', content: 'PK\u0003\u0004 and so on' },
    ]) {
      const answer = await upload({}, file)
      expect([answer.status, answer.body['error']]).toEqual([400, 'File refused'])
      expect(answer.body['fields']).toHaveProperty('upload')
      expect(answer.text).not.toContain(hub.folder)
    }
    expect(files()).toEqual([])
    expect((await get('/api/uploads')).body).toEqual({ uploads: [] })
  })

  it('belongs to who sent it', async () => {
    const id = idOf(await upload({}, { name: 'mine.csv', content: LIST }))
    expect((await get('/api/uploads', other)).body).toEqual({ uploads: [] })
    expect((await post('/api/imports/preview', { upload: id }, other)).status).toBe(404)
    expect((await post('/api/imports/start', { upload: id }, other)).status).toBe(404)
    const taken = await hub.ask(`/api/uploads/${id}`, { method: 'DELETE', headers: { 'x-api-key': other } })
    expect(taken.status).toBe(404)
    const deleted = await hub.ask(`/api/uploads/${id}`, { method: 'DELETE', headers: { 'x-api-key': key } })
    expect(deleted.status).toBe(200)
    expect(files()).toEqual([])
  })

  it('is imported once', async () => {
    const id = idOf(await upload({}, { name: 'once.csv', content: LIST }))
    const answers = await Promise.all([1, 2, 3].map(() => post('/api/imports/start', { upload: id, settings: {} })))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409, 409])
    await ended(Number(answers.find(answer => answer.status === 200)!.body['id']))
  })

  it('is named by its id, never by a path', async () => {
    for (const upload of ['../hub.sqlite', '/etc/passwd', 'a'.repeat(31), `${'a'.repeat(31)}/`]) {
      expect((await post('/api/imports/preview', { upload })).status).toBe(400)
    }
    expect((await post('/api/imports/preview', { upload: 'a'.repeat(32) })).status).toBe(404)
    expect((await post('/api/imports/preview', { path: '/etc/passwd' })).status).toBe(400)
  })

  it('has to be a form with one file', async () => {
    expect((await post('/api/csv/upload', { file: LIST })).status).toBe(400)
    expect((await upload({}, null)).body['fields']).toHaveProperty('file')
    expect((await upload({ extra: 'x' }, { name: 'a.csv', content: LIST })).status).toBe(400)
    const headers = { 'x-api-key': key, 'content-type': 'multipart/form-data; boundary=x' }
    for (const body of [
      '',
      'no form at all',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    ]) {
      const answer = await hub.ask('/api/csv/upload', { method: 'POST', body, headers })
      expect([body, answer.status]).toEqual([body, 400])
    }
    const nameless = { 'x-api-key': key, 'content-type': 'multipart/form-data' }
    expect((await hub.ask('/api/csv/upload', { method: 'POST', body: 'x', headers: nameless })).status).toBe(400)
    expect(files()).toEqual([])
  })

  it('leaves nothing behind when it is broken off', async () => {
    const socket = await hub.connect()
    socket.write(
      `POST /api/csv/upload HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n` +
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname,phone\n',
    )
    await expect.poll(files, { timeout: 10_000 }).toHaveLength(1)
    socket.destroy()
    await expect.poll(files, { timeout: 10_000 }).toEqual([])
  })

  it('is refused before it comes when it says that it is too large', async () => {
    const socket = await hub.connect()
    let answer = ''
    socket.on('data', chunk => {
      answer += String(chunk)
    })
    socket.write(
      `POST /api/csv/upload HTTP/1.1\r\nHost: localhost\r\nX-API-Key: ${key}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 99999999999\r\n\r\n`,
    )
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe('a campaign with its list', () => {
  it('becomes a draft to the people of the file', async () => {
    const answer = await upload(
      { name: 'Spring', template: 'Hi {{ first_name }}. Reply STOP to opt out.' },
      { name: 'people.csv', content: 'first name,phone\nCarl,+12025550180\n' },
      '/api/campaign/upload',
    )
    expect(answer.status).toBe(200)
    const {
      campaign,
      import: started,
      list,
    } = answer.body as {
      campaign: { id: number; state: string; audience: { lists: string[] } }
      import: { id: number }
      list: string
    }
    expect(campaign).toMatchObject({ state: 'draft', audience: { lists: [list] } })
    expect(await ended(started.id)).toMatchObject({ state: 'completed', created: 1 })
    expect((await get(`/api/campaign/review?id=${campaign.id}`)).body).toMatchObject({ audience: 1, messages: 1 })
  })

  it('names the fields at fault, and keeps neither file nor campaign', async () => {
    const before = (await get('/api/campaign/list')).text
    const file = { name: 'people.csv', content: LIST }
    const nameless = await upload({ template: 'Hi' }, file, '/api/campaign/upload')
    expect([nameless.status, nameless.body['fields']]).toEqual([400, { name: expect.any(String) }])
    const settings = await upload({ name: 'S', template: 'Hi', settings: '{' }, file, '/api/campaign/upload')
    expect(settings.body['fields']).toEqual({ settings: 'is no JSON' })
    const noList = await upload({ name: 'S', template: 'Hi' }, { name: 'a.csv', content: '' }, '/api/campaign/upload')
    expect(noList.status).toBe(400)
    const noPhones = await upload(
      { name: 'S', template: 'Hi' },
      { name: 'a.csv', content: 'colour,size\nred,small\n' },
      '/api/campaign/upload',
    )
    expect(noPhones.status).toBe(400)
    expect((await get('/api/campaign/list')).text).toBe(before)
    expect(files()).toEqual([])
  })
})

describe('the folder of uploads', () => {
  const caller = { kind: 'key', id: 1, role: 'user' } as const
  async function* bytes(...sizes: number[]) {
    for (const size of sizes) yield Buffer.alloc(size, 'a')
  }
  const service = (largest: number) => {
    const parts = dataFolder()
    return {
      ...parts,
      uploads: createUploads({ ...parts, folder: parts.paths.uploads, imports: {} as never }, largest),
    }
  }

  it('holds nothing that grew too large', async () => {
    const { uploads, paths } = service(1_000)
    await expect(uploads.receive(bytes(600, 600), caller)).rejects.toMatchObject({ code: 'too_large' })
    expect(readdirSync(paths.uploads)).toEqual([])
    await expect(uploads.receive(bytes(600, 400), caller)).resolves.toMatchObject({ bytes: 1_000 })
  })

  it('takes few at once', async () => {
    const { uploads } = service(1_000)
    const gate = Promise.withResolvers<void>()
    async function* waiting() {
      await gate.promise
      yield Buffer.from('a')
    }
    const [second, third] = [
      { ...caller, id: 2 },
      { ...caller, id: 3 },
    ]
    const running = [caller, caller, second, second].map(one => uploads.receive(waiting(), one))
    await expect(uploads.receive(bytes(1), third)).rejects.toBeInstanceOf(Refusal)
    gate.resolve()
    await Promise.all(running)
    await expect(uploads.receive(bytes(1), caller)).resolves.toMatchObject({ bytes: 1 })
  })

  it('is cleared of what a crash left, and of what nobody used for a day', async () => {
    const { uploads, paths, db, clock } = service(1_000)
    const { id } = await uploads.receive(bytes(10), caller)
    db.write(tx => tx.run("INSERT INTO uploads VALUES (?, 'a.csv', 10, NULL, 'key:1', ?)", id, clock.now()))
    writeFileSync(join(paths.uploads, 'left'), 'x')
    uploads.step()
    expect(readdirSync(paths.uploads)).toEqual([id])
    clock.time += 24 * 3_600_000 + 1
    uploads.step()
    expect(readdirSync(paths.uploads)).toEqual([])
  })
})
