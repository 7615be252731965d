import { afterEach, expect, it, vi } from 'vitest'
import { runCli } from '../../../src/main/cli/program.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openTestApp } from '../../support/hub.ts'

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

/** What `campaign-connector rules` says, with its exit code in front where that is not 0. */
async function rules(folder: string, ...args: string[]): Promise<string> {
  let said = ''
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation(chunk => {
      said += String(chunk)
      return true
    })
  }
  const code = await runCli(['--data-dir', folder, 'rules', ...args], '0')
  process.exitCode = undefined
  vi.restoreAllMocks()
  return code === 0 ? said : `${code} ${said}`
}

it('rules that record consent are made, shown and changed at the command line', async () => {
  const folder = temporaryFolder('rules')
  await (await openTestApp({ folder })).close()
  const named = ['--name', 'Offers', '--phrase', 'join']
  const wording = ['--wording', 'Text JOIN for our weekly offers.']
  expect(await rules(folder, 'create', ...named, '--consent', 'marketing')).toMatch(/^2 .*--wording/s)
  expect(await rules(folder, 'create', ...named, ...wording)).toMatch(/^2 .*goes with --consent/s)
  const refused = await rules(folder, 'create', ...named, '--consent', 'marketing', ...wording, '--fits', 'within')
  expect(refused).toMatch(/^2 .*the keyword and nothing else/s)
  const made = await rules(folder, 'create', ...named, '--consent', 'marketing', ...wording)
  expect(made).toMatch(/records +consent to marketing\n.*they agree to +Text JOIN for our weekly offers\./)
  expect(await rules(folder, 'update', '1', '--notify')).toContain('consent to marketing')
  expect(await rules(folder, 'update', '1', '--consent', 'none')).not.toContain('consent')
})
