import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wantedHttp } from '../../../src/main/cli/serve.ts'
import { ownCertificate } from '../../../src/main/http/certificate.ts'
import { staysHere } from '../../../src/main/http/hosts.ts'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { dataFolder, temporaryFolder } from '../../support/folder.ts'
import { runProgram, startHub } from '../../support/hub.ts'
import { Hub, PASSWORD } from './kit.ts'

interface StartedHttp {
  readonly http: { url: string; web: boolean; fingerprint: string | null } | null
}

describe('serve', () => {
  it('opens no port for the API unless asked', async () => {
    const hub = await startHub(temporaryFolder('quiet'))
    expect((hub.started as unknown as StartedHttp).http).toBeNull()
    expect(await hub.stop()).toBe(0)
  })

  it('--api serves scripts, and stops with the hub', async () => {
    const key = randomBytes(32).toString('hex')
    const folder = temporaryFolder('api')
    const hub = await startHub(folder, { args: ['--api', '--port', '0'], env: { USER_API_KEY: key } })
    const { http } = hub.started as unknown as StartedHttp
    expect(http).toMatchObject({ web: false, fingerprint: null })
    expect(http!.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${http!.url}/health`)).json()).toEqual({ status: 'ok' })
    const status = await fetch(`${http!.url}/api/system/status`, { headers: { 'x-api-key': key } })
    // Folders and processes of the hub are for administrators.
    expect(await status.json()).toMatchObject({ dataFolder: null, pid: null, http: { url: http!.url, loopback: true } })
    expect((await runProgram(['status'], { folder })).stdout).toMatch(new RegExp(`^API +${http!.url}$`, 'm'))
    expect(await hub.stop()).toBe(0)
    await expect(fetch(`${http!.url}/health`)).rejects.toThrow()
    expect((await runProgram(['status'], { folder })).stdout).toMatch(/^API +not served$/m)
  })

  it('tells in its help what the environment decides', async () => {
    const { code, stdout } = await runProgram(['serve', '--help'])
    expect(code).toBe(0)
    const read = readFileSync(new URL('../../../src/main/config.ts', import.meta.url), 'utf8')
    const variables = [...read.matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map(([, name]) => name!)
    const others = [
      'XDG_DATA_HOME',
      'WAYLAND_DISPLAY',
      'NO_COLOR',
      'CC_HUB_TEST',
      'CC_HUB_DIE_AT',
      'CAMPAIGN_CONNECTOR_PASSWORD',
    ]
    const wanted = [...new Set(variables)].filter(name => !others.includes(name))
    expect(wanted.length).toBeGreaterThan(5)
    expect(wanted.filter(name => !stdout.includes(name))).toEqual([])
  })

  it('stops although somebody listens to events and somebody else is slow', async () => {
    const key = randomBytes(32).toString('hex')
    const hub = await startHub(temporaryFolder('stop'), { args: ['--api', '--port', '0'], env: { USER_API_KEY: key } })
    const { url } = (hub.started as unknown as StartedHttp).http!
    const stream = await fetch(`${url}/api/events`, { headers: { 'x-api-key': key } })
    const slow = connect(Number(new URL(url).port), '127.0.0.1')
    slow.on('error', () => {})
    slow.write('GET /health HTTP/1.1\r\n')
    await once(slow, 'connect')
    expect(stream.status).toBe(200)
    expect(await hub.stop()).toBe(0)
    await stream.text().catch(() => '')
    slow.destroy()
  })

  it('refuses to be reached by others without TLS, in a sentence', async () => {
    const args = ['serve', '--link-port', '0', '--api', '--host', '0.0.0.0']
    const { code, stdout, stderr } = await runProgram(args, { folder: temporaryFolder('no') })
    expect([code === 0, stdout]).toEqual([false, ''])
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/with TLS only.*--tls.*--insecure-without-tls/)
    expect(stderr).not.toMatch(/at \w+ \(|node:internal/)
  })

  it('says where a port or an address cannot be had', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    await expect(Hub.open({ port })).rejects.toThrow(/is in use/)
    taken.close()
    await expect(Hub.open({ host: '192.0.2.1', tls: 'own' })).rejects.toThrow(/no address of this computer/)
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'no-such-host.invalid']) {
      await expect(Hub.open({ host })).rejects.toThrow(/with TLS only/)
    }
    await expect(Hub.open({ tls: { certFile: '/none/a', keyFile: '/none/b' } })).rejects.toThrow(
      /--tls-cert cannot be read/,
    )
  })

  it('is reached by others without TLS when that is asked for by name', async () => {
    const hub = await Hub.open({ host: '0.0.0.0', insecure: true })
    try {
      expect((await hub.ask('/health', { headers: { host: 'anything.example' } })).status).toBe(200)
    } finally {
      await hub.close()
    }
  })

  it.each([
    [{ port: 5000 }, /--port goes with --api or --web/],
    [{ allowHost: ['a'] }, /--allow-host goes with/],
    [{ api: true, tlsCert: 'a.pem' }, /go together/],
    [{ web: true, tls: true, tlsCert: 'a', tlsKey: 'b' }, /Either --tls/],
    [{ api: true, tls: true, insecureWithoutTls: true }, /does not go with TLS/],
  ])('refuses %o', (options, sentence) => {
    expect(() => wantedHttp({ log: 'file', ...options })).toThrow(sentence)
  })

  it('listens on this computer and port 5000 when nothing else is said', () => {
    expect(wantedHttp({ log: 'file' })).toBeNull()
    expect(wantedHttp({ log: 'file', api: true })).toEqual({
      ...{ host: '127.0.0.1', port: 5000, web: false, tls: null, insecure: false, allowedHosts: [] },
    })
    expect(wantedHttp({ log: 'file', web: true, tls: true, host: '100.64.0.7', port: 0 })).toMatchObject({
      ...{ host: '100.64.0.7', port: 0, web: true, tls: 'own' },
    })
  })
})

describe('with a certificate that the hub makes', () => {
  let hub: Hub

  beforeAll(async () => {
    hub = await Hub.open({ tls: 'own', allowedHosts: ['hub.example.org'] })
    await hub.user('ann')
  })
  afterAll(() => hub.close())

  it('is the one that the ready line names, good for the names it is reached by', async () => {
    const socket = tlsConnect({ host: '127.0.0.1', port: hub.port, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { fingerprint256, raw } = socket.getPeerCertificate()
    expect(fingerprint256).toBe(hub.app.http!.fingerprint)
    socket.destroy()
    const ca = `-----BEGIN CERTIFICATE-----\n${raw.toString('base64')}\n-----END CERTIFICATE-----\n`
    for (const servername of ['localhost', 'hub.example.org']) {
      const trusted = tlsConnect({ host: '127.0.0.1', port: hub.port, ca, servername })
      await once(trusted, 'secureConnect')
      expect([servername, trusted.authorized]).toEqual([servername, true])
      trusted.destroy()
    }
  })

  it('refuses old versions of TLS, and plain HTTP', async () => {
    const old = tlsConnect({
      host: '127.0.0.1',
      port: hub.port,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      rejectUnauthorized: false,
    })
    await expect(once(old, 'secureConnect')).rejects.toThrow()
    const plain = connect(hub.port, '127.0.0.1')
    plain.on('error', () => {})
    let answer = ''
    plain.on('data', chunk => {
      answer += String(chunk)
    })
    plain.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(plain, 'close')
    expect(answer).not.toContain('200')
  })

  it('binds its cookies to this very host and to https', async () => {
    const answer = await hub.ask('/api/auth/login', { method: 'POST', body: { username: 'ann', password: PASSWORD } })
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-cc_session=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
      expect.stringMatching(/^__Host-cc_csrf=[\w-]+; Path=\/; Secure; SameSite=Strict$/),
    ])
    const session = await hub.signIn('ann')
    expect((await hub.ask('/api/auth/status', { headers: { cookie: session.cookie } })).status).toBe(200)
    // The name without the prefix can be planted by a page without TLS.
    const planted = session.cookie.replaceAll('__Host-', '')
    expect((await hub.ask('/api/auth/status', { headers: { cookie: planted } })).status).toBe(401)
  })

  it('does not insist on https where nobody can know the certificate', async () => {
    expect((await hub.ask('/health')).headers).not.toHaveProperty('strict-transport-security')
  })

  it('is known under the names that it was told', async () => {
    const status = async (host: string) => (await hub.ask('/health', { headers: { host } })).status
    expect(await status('hub.example.org')).toBe(200)
    expect(await status('other.example.org')).toBe(421)
  })
})

describe('with a certificate of its owner', () => {
  it('serves that one, and has browsers insist on it', async () => {
    const folder = temporaryFolder('pem')
    const parts = dataFolder()
    const vault = await openVault({ ...parts, openers: [keyFileOpener(parts.paths.keyFile, parts.random)] })
    const { cert, key } = await ownCertificate(vault, { now: Date.now, mono: Date.now }, ['127.0.0.1'])
    mkdirSync(folder, { recursive: true })
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    writeFileSync(certFile, cert)
    writeFileSync(keyFile, key)
    const hub = await Hub.open({ tls: { certFile, keyFile } })
    try {
      const answer = await new Promise<{ status: number; hsts: unknown }>((resolve, reject) => {
        const asked = request(
          { host: '127.0.0.1', port: hub.port, path: '/health', ca: readFileSync(certFile) },
          response => {
            response.resume()
            resolve({ status: response.statusCode!, hsts: response.headers['strict-transport-security'] })
          },
        )
        asked.on('error', reject)
        asked.end()
      })
      expect(answer).toEqual({ status: 200, hsts: 'max-age=31536000' })
      const { findings } = await hub.done('system.doctor', {})
      expect(findings).toContainEqual(expect.objectContaining({ check: 'api key file', fix: `chmod o-rwx ${keyFile}` }))
    } finally {
      await hub.close()
    }
    writeFileSync(
      keyFile,
      (await ownCertificate(vault, { now: () => Date.now() + 400 * 86_400_000, mono: Date.now }, ['x'])).key,
    )
    await expect(Hub.open({ tls: { certFile, keyFile } })).rejects.toThrow(/no PEM certificate and its private key/)
  })
})

describe('the certificate that the hub makes', () => {
  it('stays the same until it ends soon or has to name more', async () => {
    const parts = dataFolder()
    const vault = await openVault({ ...parts, openers: [keyFileOpener(parts.paths.keyFile, parts.random)] })
    const first = await ownCertificate(vault, parts.clock, ['hub.example.org'])
    expect(await ownCertificate(vault, parts.clock, ['hub.example.org', '127.0.0.1'])).toEqual(first)
    const more = await ownCertificate(vault, parts.clock, ['100.64.0.7'])
    expect(more.cert).not.toBe(first.cert)
    parts.clock.time += 370 * 86_400_000
    expect((await ownCertificate(vault, parts.clock, ['100.64.0.7'])).cert).not.toBe(more.cert)
    expect(parts.db.all('SELECT sealed FROM secrets').map(String).join()).not.toContain('PRIVATE KEY')
  })
})

describe('an address', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.5', false],
    ['100.64.0.7', false],
    ['no-such-host.invalid', false],
    ['127.0.0.1.example', false],
  ])('%s stays on this computer: %s', async (host, here) => {
    expect(await staysHere(host)).toBe(here)
  })
})
