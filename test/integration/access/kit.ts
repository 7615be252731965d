import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../../../src/main/app.ts'
import type { Database } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { htpasswdEntries } from '../../../src/main/domain/htpasswd.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import type { Credential } from '../../../src/shared/operations/grants.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import type { Service } from '../../../src/shared/operations/services.ts'
import { debianProgram, type Program } from '../../support/debian.ts'
import { openTestApp } from '../../support/hub.ts'

/** A data folder with what a proxy has beside it. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'cc-access-'))
  readonly data = join(this.folder, 'data')
  app!: App
  peek!: Database

  static async open(): Promise<Desk> {
    const desk = new Desk()
    chmodSync(desk.folder, 0o755)
    await desk.reopen()
    return desk
  }

  /** As after a crash or a restart: what is in memory is gone. */
  async reopen(options: { serve?: boolean } = {}): Promise<void> {
    this.peek?.close()
    await this.app?.close()
    this.app = await openTestApp({ folder: this.data, ...options })
    this.peek = openDatabase(join(this.data, 'hub.sqlite'))
  }

  async close(): Promise<void> {
    this.peek.close()
    await this.app.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** An operation that has to succeed. */
  async do<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
    const answer = await this.app.dispatch(name, input, LOCAL)
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
    return answer.data
  }

  /** Why an operation is refused. */
  async refused<N extends OperationName>(name: N, input: GivenOf<N>): Promise<{ code: string; message: string }> {
    const answer = await this.app.dispatch(name, input, LOCAL)
    if (answer.ok) throw new Error(`${name} was not refused`)
    return answer.error
  }

  async service(name: string, more: Partial<GivenOf<'services.create'>> = {}): Promise<Service> {
    const file = this.path(`${name.toLowerCase()}.htpasswd`)
    const address = 'http://127.0.0.1:9/'
    return (await this.do('services.create', { name, address, htpasswdFile: file, ...more })).service
  }

  /** A person with a grant, and the credential. */
  async granted(name: string, service: Service): Promise<Credential & { id: number; personId: number }> {
    const person = await this.do('friends.create', { name, services: [service.id] })
    const { id } = person.grants[0]!
    return { id, personId: person.id, ...(await this.do('grants.reveal', { id })) }
  }

  /** Entries of a file as the proxy reads it. */
  entries(file: string): Map<string, string> {
    return new Map(htpasswdEntries(readFileSync(file, 'utf8')).map(entry => [entry.username, entry.hash]))
  }

  /** A program that can be used as a reload command; `body` is what its shell does. */
  script(name: string, body: string): string {
    const path = this.path(name)
    writeFileSync(path, `#!/bin/sh\n${body}\n`)
    chmodSync(path, 0o755)
    return path
  }

  /** Entries that are in the database, as the file should have them. */
  wanted(serviceId: number): Map<string, string> {
    const rows = this.peek.all<{ username: string; hash: string }>(
      `SELECT admin_username AS username, admin_hash AS hash FROM access_services WHERE id = ?
       UNION ALL SELECT username, hash FROM grants WHERE service_id = ? AND state = 'active'`,
      serviceId,
      serviceId,
    )
    return new Map(rows.map(row => [row.username, row.hash]))
  }
}

export const nginxProgram = debianProgram('nginx')
export const htpasswdProgram = debianProgram('htpasswd')

/** A real nginx on loopback, with one site for each htpasswd file. */
export class Nginx {
  readonly ports = new Map<string, number>()
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #program: Program

  private constructor(folder: string, child: ChildProcess, program: Program) {
    this.#folder = folder
    this.#child = child
    this.#program = program
  }

  static async start(program: Program, folder: string, sites: Readonly<Record<string, string>>): Promise<Nginx> {
    const root = join(folder, 'nginx')
    mkdirSync(join(root, 'www'), { recursive: true })
    writeFileSync(join(root, 'www', 'index.html'), 'inside')
    const ports = new Map<string, number>()
    for (const name of Object.keys(sites)) ports.set(name, await freePort())
    writeFileSync(join(root, 'nginx.conf'), configuration(root, sites, ports))
    const [command, ...args] = program.command
    const child = spawn(command, [...args, '-p', root, '-c', join(root, 'nginx.conf'), '-e', join(root, 'error.log')], {
      env: { ...process.env, ...program.env },
      stdio: 'ignore',
    })
    const nginx = new Nginx(root, child, program)
    for (const [name, port] of ports) nginx.ports.set(name, port)
    for (const name of ports.keys()) await nginx.#answers(name)
    return nginx
  }

  get accessLog(): string {
    return join(this.#folder, 'access.log')
  }

  /** The arguments of a command that makes it read its configuration again. */
  reloadCommand(): string[] {
    return [...this.#program.command, '-p', this.#folder, '-c', join(this.#folder, 'nginx.conf'), '-s', 'reload']
  }

  address(site: string): string {
    return `http://127.0.0.1:${this.ports.get(site)}/`
  }

  /** The status that it answers with. */
  get(site: string, credential: Credential | null = null, path = '/'): Promise<number> {
    const auth = credential && { auth: `${credential.username}:${credential.password}` }
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.ports.get(site), path, agent: false, ...auth }, response => {
        response.resume()
        response.on('end', () => resolve(response.statusCode!))
      })
        .on('error', reject)
        .end()
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }

  async #answers(site: string): Promise<void> {
    for (;;) {
      if (this.#child.exitCode !== null) {
        const log = join(this.#folder, 'error.log')
        throw new Error(`nginx has ended: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`)
      }
      const status = await this.get(site).catch(() => null)
      if (status !== null) return
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
}

function configuration(
  root: string,
  sites: Readonly<Record<string, string>>,
  ports: ReadonlyMap<string, number>,
): string {
  const servers = Object.entries(sites).map(
    ([name, file]) => `
  server {
    listen 127.0.0.1:${ports.get(name)};
    server_name ${name}.example.org;
    root ${root}/www;
    auth_basic "${name}";
    auth_basic_user_file ${file};
  }`,
  )
  return `daemon off;
# The tests may run as root, whose files the workers' usual user cannot read.
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${root}/nginx.pid;
error_log ${root}/error.log;
events { worker_connections 128; }
http {
  log_format campaign_connector '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$host"';
  access_log ${root}/access.log campaign_connector;
  client_body_temp_path ${root}/body;
  proxy_temp_path ${root}/proxy;
  fastcgi_temp_path ${root}/fastcgi;
  uwsgi_temp_path ${root}/uwsgi;
  scgi_temp_path ${root}/scgi;${servers.join('')}
}
`
}

/** What `htpasswd -v` says of a credential: whether the file takes it. */
export function htpasswdTakes(program: Program, file: string, { username, password }: Credential): boolean {
  const [command, ...args] = program.command
  const { status } = spawnSync(command, [...args, '-vb', file, username, password], {
    env: { ...process.env, ...program.env },
  })
  return status === 0
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return address.port
}
