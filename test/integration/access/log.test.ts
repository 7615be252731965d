import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { debianProgram } from '../../support/debian.ts'
import { Desk, Nginx, nginxProgram } from './kit.ts'

const fail2ban = debianProgram('fail2ban-regex')

let desk: Desk
beforeAll(async () => {
  desk = await Desk.open()
})
afterAll(() => desk.close())

/** Reads on until there is nothing more. */
function readAll(): void {
  while (desk.app.services.access.readLogs());
}

const STAMP = () => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date().toUTCString())!
  return `${day}/${month}/${year}:${time} +0000`
}
const line = (address: string, user: string, status: number, host = 'log.example.org') =>
  `${address} - ${user} [${STAMP()}] "GET / HTTP/1.1" ${status} 5 "-" "-" "${host}"\n`

describe('the access log', () => {
  it('tells who opened what, across both ways of rotation, each line once', async () => {
    const log = desk.path('followed.log')
    writeFileSync(log, '')
    const service = await desk.service('Log', { address: 'https://log.example.org/', logFile: log })
    const other = await desk.service('Other', { address: 'https://other.example.org/', logFile: log })
    const ann = await desk.granted('Ann', service)
    const requests = async () => {
      readAll()
      const { items } = await desk.do('services.visits', { personId: ann.personId })
      return items.reduce((sum, visit) => sum + visit.requests, 0)
    }
    appendFileSync(log, line('192.0.2.1', ann.username, 200))
    expect(await requests()).toBe(1)
    appendFileSync(log, line('192.0.2.1', ann.username, 304).slice(0, 20))
    expect(await requests()).toBe(1)
    appendFileSync(log, line('192.0.2.1', ann.username, 304).slice(20))
    expect(await requests()).toBe(2)

    // By renaming: the rest of the old one first.
    appendFileSync(log, line('192.0.2.1', ann.username, 200))
    renameSync(log, `${log}.1`)
    writeFileSync(log, line('192.0.2.1', ann.username, 200))
    appendFileSync(`${log}.1`, line('192.0.2.1', ann.username, 200))
    expect(await requests()).toBe(5)
    // By copying.
    copyFileSync(log, `${log}.2`)
    truncateSync(log)
    expect(await requests()).toBe(5)
    appendFileSync(log, line('192.0.2.2', ann.username, 200))
    expect(await requests()).toBe(6)
    await desk.reopen()
    expect(await requests()).toBe(6)

    appendFileSync(
      log,
      [line('192.0.2.9', 'team', 200), line('192.0.2.9', 'x', 200, 'elsewhere.example.org'), 'nonsense\n'].join(''),
    )
    readAll()
    const { items } = await desk.do('services.visits', { serviceId: service.id })
    expect(items.map(visit => [visit.username, visit.person, visit.address])).toEqual([
      ['team', null, '192.0.2.9'],
      [ann.username, 'Ann', '192.0.2.2'],
      [ann.username, 'Ann', '192.0.2.1'],
    ])
    expect((await desk.do('services.visits', { serviceId: other.id })).items).toEqual([])
    const { grants } = await desk.do('grants.list', { personId: ann.personId })
    expect(grants[0]!.lastAccessAt).toBeGreaterThan(Date.now() - 60_000)

    await desk.do('friends.delete', { id: ann.personId })
    expect(JSON.stringify(desk.peek.all('SELECT * FROM access_visits'))).not.toContain(ann.username)
  })

  it('says which log cannot be read', async () => {
    await desk.service('Gone', { logFile: desk.path('gone.log') })
    readAll()
    const { logs } = await desk.do('services.bans', {})
    expect(logs.find(log => log.file === desk.path('gone.log'))).toMatchObject({ problem: 'There is no such file.' })
  })
})

describe('the built-in counter', () => {
  it('bans an address after five failures, tells nginx, and forgets it when asked', async () => {
    const log = desk.path('counted.log')
    const deny = desk.path('deny.conf')
    writeFileSync(log, '')
    await desk.service('Counted', { address: 'https://counted.example.org/', logFile: log })
    const { accessBans } = await desk.do('settings.get', {})
    expect(accessBans).toMatchObject({ failures: 5, withinMinutes: 10, banMinutes: 60 })
    const reload = [desk.script('told', `cp '${deny}' '${desk.path('told.conf')}'`)]
    await desk.do('settings.update', { accessBans: { ...accessBans, denyFile: deny, reload } })
    const fail = async (address: string, times: number) => {
      for (let at = 0; at < times; at += 1) appendFileSync(log, line(address, 'guess', 401, 'counted.example.org'))
      readAll()
      await desk.app.services.access.bans.idle()
    }
    appendFileSync(log, line('198.51.100.4', '-', 401, 'counted.example.org').repeat(20))
    await fail('198.51.100.5', 4)
    expect(await banned()).toEqual([])
    await fail('198.51.100.5', 1)
    await fail('2001:db8:1:2:3::4', 3)
    await fail('2001:db8:1:2:ffff::9', 2)
    expect((await banned()).sort()).toEqual(['198.51.100.5', '2001:db8:1:2::/64'])
    expect(readFileSync(desk.path('told.conf'), 'utf8').split('\n').slice(1)).toEqual([
      'deny 198.51.100.5;',
      'deny 2001:db8:1:2::/64;',
      '',
    ])
    const { sources } = await desk.do('services.bans', {})
    await desk.do('services.lift-ban', { id: sources.find(source => source.address === '198.51.100.5')!.id })
    await desk.app.services.access.bans.idle()
    expect(await banned()).toEqual(['2001:db8:1:2::/64'])
    expect(readFileSync(deny, 'utf8')).not.toContain('198.51.100.5')

    writeFileSync(desk.path('mine.conf'), 'deny all;\n')
    await desk.do('settings.update', { accessBans: { ...accessBans, denyFile: desk.path('mine.conf') } })
    desk.app.services.access.bans.publish()
    await desk.app.services.access.bans.idle()
    expect((await desk.do('services.bans', {})).problem).toContain('is not one of ours')
    expect(readFileSync(desk.path('mine.conf'), 'utf8')).toBe('deny all;\n')
  })

  async function banned(): Promise<string[]> {
    const { sources } = await desk.do('services.bans', {})
    return sources.filter(source => source.bannedUntil !== null).map(source => source.address)
  }
})

describe.skipIf(!nginxProgram)('the log of a real nginx', () => {
  it('is understood by the hub and by the filter for fail2ban', async () => {
    const nginx = await Nginx.start(nginxProgram!, desk.folder, { site: desk.path('site.htpasswd') })
    try {
      const service = await desk.service('Site', { address: nginx.address('site'), logFile: nginx.accessLog })
      const ann = await desk.granted('Ann', service)
      expect(await nginx.get('site', ann)).toBe(200)
      expect(await nginx.get('site', null)).toBe(401)
      for (const username of ['guess', 'with space [1] "q"', '203.0.113.1 - x']) {
        expect(await nginx.get('site', { username, password: 'no' })).toBe(401)
      }
      readAll()
      const { items } = await desk.do('services.visits', { serviceId: service.id })
      expect(items).toMatchObject([{ person: 'Ann', address: '127.0.0.1', requests: 1 }])
      const { sources } = await desk.do('services.bans', {})
      expect(sources.find(source => source.address === '127.0.0.1')).toMatchObject({ failures: 3, bannedUntil: null })
      if (!fail2ban) return
      const { matched, missed } = regex(nginx.accessLog)
      expect(matched).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
      expect(missed).toBeGreaterThanOrEqual(2)
    } finally {
      await nginx.stop()
    }
  })

  /** What fail2ban-regex makes of a log: the addresses of lines that match, and how many do not. */
  function regex(log: string): { matched: string[]; missed: number } {
    const [command, ...args] = fail2ban!.command
    const filter = resolve('resources/fail2ban/filter.d/campaign-connector.conf')
    const run = (more: string[]) => {
      const { status, stdout, stderr } = spawnSync(command, [...args, ...more, log, filter], {
        env: { ...process.env, ...fail2ban!.env },
        encoding: 'utf8',
      })
      if (status !== 0 && !/lines:/.test(stdout)) throw new Error(`fail2ban-regex: ${stdout}${stderr}`)
      return stdout
    }
    const matched = run(['-o', 'ip'])
      .split('\n')
      .filter(one => one !== '')
    const missed = Number(/(\d+) missed/.exec(run([]))?.[1])
    return { matched, missed }
  }

  it('has a jail of five failures in ten minutes for an hour', () => {
    const jail = readFileSync('resources/fail2ban/jail.d/campaign-connector.conf', 'utf8')
    for (const one of ['maxretry = 5', 'findtime = 10m', 'bantime  = 1h']) expect(jail).toContain(one)
    expect(existsSync('resources/fail2ban/filter.d/campaign-connector.conf')).toBe(true)
  })
})
