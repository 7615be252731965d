import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../../support/hub.ts'
import { Desk } from './kit.ts'

let desk: Desk

beforeAll(async () => {
  desk = await Desk.open()
})
afterAll(() => desk.close())

let count = 0
/** A name that no other test uses. */
let name: string
beforeEach(() => {
  count += 1
  name = `S${count}`
})

const read = (path: string) => readFileSync(path, 'utf8')

describe('whole or not at all', () => {
  it('puts the file back and changes nothing when the reload fails, and says what the command said', async () => {
    const reload = [
      desk.script('reload', 'if [ -e "$1" ]; then echo "nginx: bad luck" >&2; exit 3; fi'),
      desk.path('bad'),
    ]
    const service = await desk.service(name, { reload })
    const ann = await desk.granted('Ann', service)
    const before = read(service.htpasswdFile!)
    const people = (await desk.do('friends.list', {})).friends.length

    writeFileSync(desk.path('bad'), '')
    for (const refused of [
      desk.refused('friends.create', { name: 'Bea', services: [service.id] }),
      desk.refused('grants.delete', { id: ann.id }),
      desk.refused('grants.regenerate', { id: ann.id }),
      desk.refused('friends.delete', { id: ann.personId }),
      desk.refused('services.delete', { id: service.id }),
    ]) {
      expect(await refused).toMatchObject({ code: 'unavailable', message: expect.stringContaining('nginx: bad luck') })
    }
    expect(read(service.htpasswdFile!)).toBe(before)
    expect((await desk.do('friends.list', {})).friends).toHaveLength(people)
    expect(await desk.do('grants.reveal', { id: ann.id })).toMatchObject({ password: ann.password })
    expect(desk.peek.all('SELECT * FROM access_intents')).toEqual([])

    rmSync(desk.path('bad'))
    await desk.do('friends.delete', { id: ann.personId })
    expect(desk.entries(service.htpasswdFile!).has(ann.username)).toBe(false)
  })

  it('changes no file when one of several cannot be written', async () => {
    const [good, bad] = [
      await desk.service(name),
      await desk.service(`${name}x`, { htpasswdFile: desk.path(`${name}/f`) }).catch(() => null),
    ]
    expect(bad).toBeNull()
    mkdirSync(desk.path(`${name}-folder`))
    const other = await desk.service(`${name}y`, { htpasswdFile: desk.path(`${name}-folder/f`) })
    const before = read(good.htpasswdFile!)
    rmSync(desk.path(`${name}-folder`), { recursive: true })
    writeFileSync(desk.path(`${name}-folder`), '')
    expect(await desk.refused('friends.create', { name: 'Cleo', services: [good.id, other.id] })).toMatchObject({
      code: 'unavailable',
    })
    expect(read(good.htpasswdFile!)).toBe(before)
    expect((await desk.do('friends.list', {})).friends.some(friend => friend.name === 'Cleo')).toBe(false)
    await desk.do('services.delete', { id: other.id, leaveFile: true })
  })

  it('gives no shell to the arguments of a reload command', async () => {
    const seen = desk.path(`${name}.seen`)
    const script = desk.script(`reload-${name}`, `printf '%s\\n' "$@" > '${seen}'`)
    await desk.service(name, { reload: [script, '$(touch /tmp/x); `id`', "it's", '*'] })
    expect(read(seen)).toBe("$(touch /tmp/x); `id`\nit's\n*\n")
  })

  it('comes back to what the database says after a crash between file and database', async () => {
    const service = await desk.service(name)
    const ann = await desk.granted('Ann', service)
    const before = read(service.htpasswdFile!)
    // From now on the reload kills who runs it.
    const reload = [desk.script(`kill-${name}`, `[ -e '${desk.path('alive')}' ] || kill -9 $PPID`)]
    writeFileSync(desk.path('alive'), '')
    await desk.do('services.update', { id: service.id, reload })
    await desk.app.close()
    rmSync(desk.path('alive'))
    const killed = await runProgram(['grants', 'delete', 'Ann', name, '--yes'], { folder: desk.data })
    expect(killed.code).not.toBe(0)
    expect(desk.entries(service.htpasswdFile!).has(ann.username)).toBe(false)

    writeFileSync(desk.path('alive'), '')
    await desk.reopen()
    expect((await desk.do('grants.list', { serviceId: service.id })).grants).toHaveLength(1)
    await desk.app.services.access.settle()
    expect(desk.entries(service.htpasswdFile!)).toEqual(desk.wanted(service.id))
    expect([...desk.entries(service.htpasswdFile!).keys()].sort()).toEqual(
      [...new Map([...before.matchAll(/^([^:]+):/gm)].map(match => [match[1]!, 1])).keys()].sort(),
    )
    expect(desk.peek.all('SELECT * FROM access_intents')).toEqual([])
  })
})

describe('the file', () => {
  it('keeps mode, owner, symbolic link, comments and line ends, and leaves nothing beside it', async () => {
    const path = desk.path(`${name}.real`)
    writeFileSync(path, '# ours\r\nold:{SHA}x:remark\r\n\r\nlast:{SHA}y')
    chmodSync(path, 0o640)
    symlinkSync(path, desk.path(`${name}.link`))
    const service = await desk.service(name, { htpasswdFile: desk.path(`${name}.link`) })
    const ann = await desk.granted('Ann', service)
    await desk.do('grants.delete', { id: ann.id })
    await desk.do('services.delete', { id: service.id })
    expect(read(path)).toBe('# ours\r\nold:{SHA}x:remark\r\n\r\nlast:{SHA}y\r\n')
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(statSync(desk.path(`${name}.link`)).ino).toBe(statSync(path).ino)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('waits for a lock of another writer that lives, and passes over that of one that died', async () => {
    const service = await desk.service(name)
    const lock = `${service.htpasswdFile}.lock`
    writeFileSync(lock, '999999999\n')
    await desk.granted('Ann', service)
    writeFileSync(lock, `${process.pid}\n`)
    const granted = desk.granted('Ben', service)
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(desk.entries(service.htpasswdFile!).size).toBe(2)
    rmSync(lock)
    await granted
    expect(desk.entries(service.htpasswdFile!).size).toBe(3)
  })

  it('is left alone when it is none', async () => {
    writeFileSync(desk.path(`${name}.conf`), 'server {\n}\n')
    const input = { name, address: 'https://a.example.org/', htpasswdFile: desk.path(`${name}.conf`) }
    expect(await desk.refused('services.create', input)).toMatchObject({ code: 'invalid_input' })
    expect(read(desk.path(`${name}.conf`))).toBe('server {\n}\n')
  })

  it('moves with our entries when a service gets another one', async () => {
    const service = await desk.service(name)
    const ann = await desk.granted('Ann', service)
    const to = desk.path(`${name}.moved`)
    writeFileSync(to, 'other:{SHA}z\n')
    await desk.do('services.update', { id: service.id, htpasswdFile: to })
    expect([...desk.entries(to).keys()]).toEqual(['other', service.adminUsername, ann.username])
    expect(desk.entries(service.htpasswdFile!).size).toBe(0)
  })
})

describe('drift', () => {
  it('is shown, and mended either way', async () => {
    const service = await desk.service(name)
    const file = service.htpasswdFile!
    const [ann, ben, cai] = [
      await desk.granted('Ann', service),
      await desk.granted('Ben', service),
      await desk.granted('Cai', service),
    ]
    const lines = read(file).split('\n')
    const own = (who: string) => lines.find(line => line.startsWith(`${who}:`))!
    const drifted = [
      `${own(service.adminUsername!)}`,
      `${ann.username}:{SHA}other`,
      own(cai.username),
      'guest:{SHA}g',
      '',
    ]
    writeFileSync(file, drifted.join('\n'))

    const { entries } = await desk.do('services.entries', { id: service.id })
    const states = Object.fromEntries(entries.map(entry => [entry.username, entry.state]))
    expect(states).toEqual({
      [service.adminUsername!]: 'in_order',
      [ann.username]: 'changed',
      [ben.username]: 'missing',
      [cai.username]: 'in_order',
      guest: 'nobody',
    })
    expect((await desk.do('services.check', { id: service.id })).file).toMatchObject({ drift: 2, problem: '' })

    expect(await desk.do('services.mend', { id: service.id, change: 'file' })).toEqual({ mended: 2 })
    expect(desk.entries(file).get('guest')).toBe('{SHA}g')
    expect([...desk.entries(file)].filter(([user]) => user !== 'guest').sort()).toEqual(
      [...desk.wanted(service.id)].sort(),
    )

    writeFileSync(file, drifted.join('\n'))
    expect(await desk.do('services.mend', { id: service.id, change: 'database' })).toEqual({ mended: 2 })
    const { grants } = await desk.do('grants.list', { serviceId: service.id })
    expect(grants.map(grant => [grant.username, grant.known])).toEqual([
      [ann.username, false],
      [cai.username, true],
    ])
    expect(await desk.refused('grants.reveal', { id: ann.id })).toMatchObject({ code: 'conflict' })
    expect((await desk.do('services.get', { id: service.id })).file).toMatchObject({ drift: 0 })

    expect(await desk.do('services.mend', { id: service.id, change: 'file', usernames: ['guest'] })).toEqual({
      mended: 1,
    })
    expect(desk.entries(file).has('guest')).toBe(false)
  })

  it('never takes the administrators out', async () => {
    const service = await desk.service(name)
    writeFileSync(service.htpasswdFile!, '')
    expect(await desk.do('services.mend', { id: service.id, change: 'database' })).toEqual({ mended: 0 })
    await desk.do('services.mend', { id: service.id, change: 'file' })
    expect([...desk.entries(service.htpasswdFile!).keys()]).toEqual([service.adminUsername])
  })
})

describe('taking over a file with shared passwords', () => {
  it('keeps everyone working, shows who belongs to nobody, and gives entries to people', async () => {
    const file = desk.path(`${name.toLowerCase()}.htpasswd`)
    writeFileSync(file, '# by hand\nteam:$apr1$abc$def\nanna:$apr1$ghi$jkl\nadmin:{SHA}m\n')
    const made = await desk.do('services.create', { name, address: 'https://a.example.org/', htpasswdFile: file })
    expect(made.nobody).toBe(3)
    expect(read(file).startsWith('# by hand\nteam:$apr1$abc$def\nanna:$apr1$ghi$jkl\nadmin:{SHA}m\n')).toBe(true)
    const { id } = made.service
    const nobody = async () =>
      (await desk.do('services.entries', { id })).entries
        .filter(entry => entry.state === 'nobody')
        .map(entry => entry.username)
    expect(await nobody()).toEqual(['team', 'anna', 'admin'])

    const { grants } = await desk.do('grants.adopt', { serviceId: id, entries: [{ username: 'anna', name: 'Anna' }] })
    expect(grants[0]).toMatchObject({ person: 'Anna', username: 'anna', known: false })
    expect(await nobody()).toEqual(['team', 'admin'])
    expect(desk.entries(file).get('anna')).toBe('$apr1$ghi$jkl')
    expect(
      await desk.refused('grants.adopt', { serviceId: id, entries: [{ username: 'anna', name: 'B' }] }),
    ).toMatchObject({
      code: 'conflict',
    })

    const renewed = await desk.do('grants.regenerate', { id: grants[0]!.id })
    expect(renewed.username).toBe('anna')
    expect(desk.entries(file).get('anna')).toMatch(/^\$2y\$/)
    await desk.do('friends.delete', { id: grants[0]!.personId })
    expect([...desk.entries(file).keys()]).toEqual(['team', 'admin', made.service.adminUsername])
  })
})

describe('names', () => {
  it('are different for people who fold to the same, and for entries that are there', async () => {
    const file = desk.path(`${name.toLowerCase()}.htpasswd`)
    writeFileSync(file, `zoe_${name.toLowerCase()}:{SHA}x\n`)
    const service = await desk.service(name)
    const names: string[] = []
    for (const person of ['Zoë', 'zoe', 'ZOE!', 'Admin']) names.push((await desk.granted(person, service)).username)
    const what = name.toLowerCase()
    expect(names).toEqual([`zoe2_${what}`, `zoe3_${what}`, `zoe4_${what}`, `admin2_${what}`])
  })
})

describe('another host, by ssh', () => {
  const path = process.env['PATH']
  beforeAll(() => {
    // What ssh does with its arguments: one line, read by a shell on the other side.
    mkdirSync(desk.path('bin'))
    const body = `while [ "$1" != -- ]; do shift; done; shift
[ "$1" = proxy.example.org ] || { echo "ssh: $1: unknown" >&2; exit 255; }
shift; cd / && exec sh -c "$*"`
    writeFileSync(desk.path('bin/ssh'), `#!/bin/sh\n${body}\n`)
    chmodSync(desk.path('bin/ssh'), 0o755)
    process.env['PATH'] = `${desk.path('bin')}:${path}`
  })
  afterAll(() => {
    process.env['PATH'] = path
  })

  it('is written like a file of this computer, whatever its path', async () => {
    const folder = desk.path("it's $(a) place")
    mkdirSync(folder)
    const file = `${folder}/o'file`
    writeFileSync(file, '# there\nteam:{SHA}x\n')
    chmodSync(file, 0o604)
    const seen = desk.path(`${name}.seen`)
    const reload = [desk.script(`remote-${name}`, `printf '%s\\n' "$@" >> '${seen}'`), "a'b; touch /tmp/no", '$HOME']
    const service = await desk.service(name, { host: 'proxy.example.org', htpasswdFile: file, reload })
    const ann = await desk.granted('Ann', service)
    expect(desk.entries(file)).toEqual(new Map([['team', '{SHA}x'], ...desk.wanted(service.id)]))
    expect(statSync(file).mode & 0o777).toBe(0o604)
    expect(read(seen)).toContain("a'b; touch /tmp/no\n$HOME\n")
    await desk.do('grants.delete', { id: ann.id })
    await desk.do('services.delete', { id: service.id })
    expect(read(file)).toBe('# there\nteam:{SHA}x\n')
    expect(existsSync(`${file}.lock`)).toBe(false)
  })

  it('is refused with the words of ssh when it cannot be reached, and what is no host never gets there', async () => {
    const input = { name, address: 'https://a.example.org/', htpasswdFile: '/srv/x' }
    expect(await desk.refused('services.create', { ...input, host: 'gone.example.org' })).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('ssh: gone.example.org: unknown'),
    })
    for (const host of ['-oProxyCommand=id', 'a b', 'a;b', '$(id)', 'u@-x']) {
      expect(await desk.refused('services.create', { ...input, host })).toMatchObject({ code: 'invalid_input' })
    }
  })
})

describe('through the network', () => {
  it('only usual reload commands can be chosen, since others would run anything', async () => {
    const source = { ip: '192.0.2.7', userAgent: '' }
    const ask = (reload: string[]) => {
      const input = {
        name: `${name}-${reload.length}`,
        address: 'https://a.example.org/',
        htpasswdFile: desk.path(name),
        reload,
      }
      const admin = { kind: 'key', id: 1, role: 'admin' } as const
      return desk.app.dispatch('services.create', input, admin, 'remote', { source })
    }
    expect(await ask(['sh', '-c', 'id'])).toMatchObject({ ok: false, error: { code: 'local_only' } })
    expect(await ask(['systemctl reload nginx; id'])).toMatchObject({ ok: false, error: { code: 'local_only' } })
    expect(existsSync(desk.path(name))).toBe(false)
    // There may be no such program here; it was let through to be run.
    expect(await ask(['systemctl', 'reload', 'nginx'])).toMatchObject({ error: { code: 'unavailable' } })
  })
})
