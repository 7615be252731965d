import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'

const UNIT = 'resources/systemd/campaign-connector.service'
/** What systemd-analyze gives it: 10 is wide open. Rights that a hub needs (network, sockets, compiling) are what is left. */
const HIGHEST_EXPOSURE = 1.2

/** Lines of a file without comments. */
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.replace(/(^|\s)#.*$/, '').trimEnd())
    .filter(line => line.trim() !== '')

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0
/** `security --offline` came with systemd 250. */
const version = hasAnalyze
  ? Number(/\d+/.exec(execFileSync('systemd-analyze', ['--version'], { encoding: 'utf8' }))![0])
  : 0

describe('the systemd unit', () => {
  it('runs as a user of its own that can do nothing but serve', () => {
    const lines = linesOf(UNIT)
    for (const line of [
      ...['User=campaign-connector', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict'],
      ...['ProtectHome=yes', 'PrivateTmp=yes', 'PrivateDevices=yes', 'StateDirectoryMode=0700', 'UMask=0077'],
      ...['RestrictNamespaces=yes', 'RestrictSUIDSGID=yes', 'SystemCallArchitectures=native', 'LimitCORE=0'],
      ...['SystemCallFilter=@system-service', 'SystemCallFilter=~@privileged @resources'],
    ]) {
      expect(lines).toContain(line)
    }
    expect(lines.find(line => line.startsWith('ExecStart='))).toContain(' serve ')
    expect(lines.join('\n')).not.toMatch(/ReadWritePaths|AmbientCapabilities=\S|Environment=/)
  })

  it.skipIf(!hasAnalyze)('is valid (skipped where there is no systemd-analyze)', () => {
    const copy = join(temporaryFolder('unit'), 'campaign-connector.service')
    // The program is not installed here: any that exists will do.
    writeFileSync(copy, readFileSync(UNIT, 'utf8').replace('/usr/local/bin/campaign-connector', process.execPath))
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' })
    expect({ status, said: (stdout + stderr).split('\n').filter(line => line.includes('campaign-connector')) }).toEqual(
      {
        status: 0,
        said: [],
      },
    )
  })

  it.skipIf(version < 250)(`is exposed by ${HIGHEST_EXPOSURE} at most (skipped without systemd-analyze 250)`, () => {
    const threshold = String(Math.round(HIGHEST_EXPOSURE * 10))
    const args = ['security', '--offline=true', '--no-pager', `--threshold=${threshold}`, UNIT]
    const { status, stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' })
    expect(stdout).toMatch(/Overall exposure level for campaign-connector.service: \d/)
    expect(status).toBe(0)
  })
})

describe('the container', () => {
  const compose = linesOf('resources/container/compose.yaml').join('\n')
  const image = linesOf('resources/container/Containerfile').join('\n')

  it('has no rights that it does not need', () => {
    expect(compose).toMatch(/^ {4}user: "1000:1000"$/m)
    expect(compose).toMatch(/^ {4}read_only: true$/m)
    expect(compose).toMatch(/^ {4}cap_drop: \[ALL\]$/m)
    expect(compose).toMatch(/^ {4}security_opt: \["no-new-privileges:true"\]$/m)
    expect(compose).toMatch(/^ {4}tmpfs:\n {6}- \/tmp:rw,noexec,nosuid,nodev,size=\d+m/m)
    expect(compose).toMatch(/^ {4}volumes:\n {6}- data:\/data$/m)
    expect(compose).toMatch(/^ {4}healthcheck:$/m)
    expect(compose).toMatch(/^ {4}pids_limit: \d+$/m)
    expect(compose).not.toMatch(/privileged|network_mode|\bhost\b:|cap_add|devices:|docker\.sock|pid:|ipc:|userns/)
  })

  it('can be reached from its own computer only, until somebody changes that', () => {
    const ports = [...compose.matchAll(/^ {6}- "([^"]+:\d+)"$/gm)].map(([, port]) => port)
    expect(ports).toEqual(['127.0.0.1:8443:8443', '127.0.0.1:5000:5000'])
    expect(compose).toMatch(/--api, --host, 0\.0\.0\.0, --tls\]/)
  })

  it('is built on an image named plainly, runs as a user without rights, and holds no secret', () => {
    const bases = [...image.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toMatch(/^node:24-[a-z-]+$/)
    expect(image).toMatch(/^USER 1000:1000$/m)
    expect(image).toMatch(/^HEALTHCHECK /m)
    expect(image.indexOf('USER 1000:1000')).toBeLessThan(image.indexOf('ENTRYPOINT'))
    expect(image + compose).not.toMatch(/PASSWORD|PASSPHRASE|API_KEY|https?:\/\//)
  })

  it('copies only what there is, and nothing private', () => {
    for (const [, path] of image.matchAll(/^COPY --from=build \/build\/(\S+)/gm)) {
      if (path !== 'out' && path !== 'node_modules')
        expect({ path, there: existsSync(path!) }).toEqual({ path, there: true })
    }
    const ignored = linesOf('.dockerignore')
    for (const name of ['.git', 'node_modules', '**/environment']) expect(ignored).toContain(name)
  })
})
