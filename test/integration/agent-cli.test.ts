import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AgentProcess, World } from './agent-support/process.ts'
import { order, temporary, until } from './agent-support/setup.ts'

async function world(): Promise<World> {
  const made = await World.make(temporary())
  onTestFinished(() => made.end())
  return made
}

async function running(): Promise<{ made: World; run: AgentProcess }> {
  const made = await world()
  expect(await made.pair('--name', 'Desk phone')).toMatchObject({ code: 0 })
  const run = made.agent(['run'])
  await until(() => made.hub.status !== null, 20_000)
  return { made, run }
}

describe('the command line of the agent', () => {
  it('teaches, and tells a wrong command line from a problem', async () => {
    const env = { HOME: temporary() }
    const run = (...args: string[]) => new AgentProcess(args, env).ended
    const [help, version, none, odd, nowhere, unpaired] = await Promise.all([
      run('help'),
      run('--version'),
      run('fly'),
      run('status', '--number', '1'),
      run('pair', 'https://example.com'),
      run('run'),
    ])
    expect(help).toMatchObject({ code: 0 })
    for (const word of ['pair', 'run', 'status', 'doctor', 'rotate-key', 'unpair', 'install-service']) {
      expect(help.stdout).toContain(word)
    }
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no command "fly"') })
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('no option --number') })
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('no pairing link') })
    expect(unpaired).toMatchObject({ code: 1, stderr: expect.stringContaining('not paired') })
  })

  it('lets one agent run on a folder, and ends it cleanly', async () => {
    const { made, run } = await running()
    // The command for it is on its way when the hub is greeted.
    await until(() => made.phone.wakeLockHeld(), 20_000)
    const second = await made.agent(['run']).ended
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining(`process ${run.child.pid}`) })
    expect(await made.agent(['unpair']).ended).toMatchObject({ code: 1 })
    const ended = await run.kill('SIGTERM')
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('has ended') })
    expect(made.phone.wakeLockHeld()).toBe(false)
    const third = made.agent(['run'])
    await until(() => made.hub.connections === 2, 20_000)
    await third.kill('SIGINT')
    expect(await made.agent(['unpair']).ended).toMatchObject({ code: 0 })
    expect(await made.agent(['run']).ended).toMatchObject({ code: 1 })
  })

  it('shows how the agent stands, to people and to programs', async () => {
    const { made, run } = await running()
    const command = order()
    made.hub.assign(command)
    await until(() => made.hub.story(command.id).includes('handed_over'), 20_000)
    await new Promise(resolve => setTimeout(resolve, 1500))
    const text = await made.agent(['status']).ended
    expect(text).toMatchObject({ code: 0 })
    expect(text.stdout).toContain('Paired as "Desk phone"')
    expect(text.stdout).toContain('Connected with the hub')
    expect(text.stdout).not.toContain(command.number)
    const json = JSON.parse((await made.agent(['status', '--json']).ended).stdout)
    expect(json).toMatchObject({ paired: true, running: true, status: { link: { connected: true } } })
    await run.kill('SIGTERM')
    expect(await made.agent(['status']).ended).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('does not run'),
    })
  })

  it('logs no number and no text, with JSON for each line if asked', async () => {
    const made = await world()
    await made.pair()
    const run = made.agent(['run', '--json-log'])
    await until(() => made.hub.status !== null, 20_000)
    const command = order({ body: 'a very private text' })
    made.phone.setFaults({ commandError: { count: 1 } })
    made.hub.assign(command)
    await until(() => made.hub.story(command.id).includes('refused'), 20_000)
    const { stdout } = await run.kill('SIGTERM')
    for (const line of stdout.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ event: expect.any(String), text: expect.any(String) })
    }
    expect(stdout).not.toContain('private')
    expect(stdout).not.toContain(command.number)
  })

  it('gets a new key through the running agent', async () => {
    const { made } = await running()
    expect(await made.agent(['rotate-key']).ended).toMatchObject({ code: 0 })
    const config = readFileSync(join(made.phone.env['HOME']!, '.campaign-connector-agent', 'config.json'), 'utf8')
    expect(JSON.parse(config)).toMatchObject({ key: 'another-device-key-of-enough-length' })
  })

  it('gets a new key without a running agent too', async () => {
    const made = await world()
    await made.pair()
    expect(await made.agent(['rotate-key']).ended).toMatchObject({ code: 0 })
    expect(made.hub.keys).toContain('another-device-key-of-enough-length')
  })

  it('examines the phone, and sends the one text that proves that texts leave', async () => {
    const { made } = await running()
    const own = made.phone.config().sims[0]!.number
    const well = await made.agent(['doctor', '--json', '--number', own, '--yes']).ended
    const findings = JSON.parse(well.stdout) as { check: string; ok: boolean; message: string; fix: string | null }[]
    expect(findings.find(one => one.check === 'self_test')).toMatchObject({ ok: true })
    expect(findings.filter(one => !one.ok).map(one => one.check)).toEqual([])
    expect(made.phone.radioLog()).toMatchObject([{ to: own }])
    // It counts against the limits of the lane.
    await until(() => made.hub.status !== null)
    made.phone.permissions.revoke('READ_SMS')
    const ill = await made.agent(['doctor']).ended
    expect(ill.code).toBe(1)
    expect(ill.stdout).toContain('READ_SMS')
    expect(made.phone.radioLog()).toHaveLength(1)
  })

  it('installs itself where Termux starts it, and takes that back', async () => {
    const made = await world()
    await made.pair()
    const installed = await made.agent(['install-service']).ended
    expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining('sv-enable campaign-connector-agent') })
    const service = join(made.phone.env['PREFIX']!, 'var', 'service', 'campaign-connector-agent')
    const boot = join(made.phone.env['HOME']!, '.termux', 'boot', 'campaign-connector-agent')
    expect(readFileSync(join(service, 'run'), 'utf8')).toContain(' run --dir ')
    expect(readFileSync(join(service, 'log', 'run'), 'utf8')).toContain('svlogd')
    expect(readFileSync(boot, 'utf8')).toContain('termux-wake-lock')
    await made.agent(['install-service', '--remove']).ended
    expect(existsSync(service) || existsSync(boot)).toBe(false)
  })

  it('puts a journal away only when it is told to', async () => {
    const made = await world()
    await made.pair()
    const folder = join(made.phone.env['HOME']!, '.campaign-connector-agent')
    expect(await made.agent(['unpair', '--forget']).ended).toMatchObject({
      stdout: expect.stringContaining('Nothing was'),
    })
    expect(existsSync(join(folder, 'journal'))).toBe(true)
    expect(await made.agent(['unpair', '--forget', '--yes']).ended).toMatchObject({ code: 0 })
    expect(existsSync(join(folder, 'journal'))).toBe(false)
  })
})
