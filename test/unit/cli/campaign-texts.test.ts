import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { type PlanOptions, planOf, withPlan } from '../../../src/main/cli/campaign-options.ts'
import { temporaryFolder } from '../../support/folder.ts'

function plan(...args: string[]) {
  const command = withPlan(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(args, { from: 'user' })
  return planOf(command.opts<PlanOptions>(), () => Promise.reject(new Error('no hours were given')))
}

function file(content: string): string {
  const path = join(temporaryFolder('texts'), 'texts.json')
  writeFileSync(path, content)
  return path
}

describe('variants and steps on the command line', () => {
  it('are read as people write them, colons in the text and all', async () => {
    expect(await plan('--variant', 'A=30:Hi: you', '--variant', 'Long one = 70%: Hello')).toEqual({
      variants: [
        { label: 'A', share: 30, template: 'Hi: you' },
        { label: 'Long one', share: 70, template: 'Hello' },
      ],
    })
  })

  it('come in the order given', async () => {
    const steps = [
      'no-reply 3d: Did you see it: today?',
      'reply: Thanks',
      'reply 2h: Thanks again',
      'tag very hot 1d: Come',
    ]
    expect(await plan(...steps.flatMap(step => ['--step', step]))).toEqual({
      steps: [
        { condition: 'no_reply', delayHours: 72, template: 'Did you see it: today?' },
        { condition: 'reply', delayHours: 0, template: 'Thanks' },
        { condition: 'reply', delayHours: 2, template: 'Thanks again' },
        { condition: 'tag', tag: 'very hot', delayHours: 24, template: 'Come' },
      ],
    })
    expect(await plan('--no-steps', '--no-variants', '--goal', 'few-opt-outs', '--wait-days', '7')).toEqual({
      steps: [],
      variants: [],
      goal: 'few_opt_outs',
      waitDays: 7,
    })
    expect(await plan()).toEqual({})
  })

  it('come from a file, whose other entries are left alone', async () => {
    const steps = [{ condition: 'reply', delayHours: 2, template: 'Thanks!' }]
    const path = file(JSON.stringify({ id: 7, state: 'draft', steps, variants: [] }))
    expect(await plan('--texts-file', path)).toEqual({ steps, variants: [] })
  })

  it.each([
    [['--variant', 'A:Hi'], /such as "A=50/],
    [['--variant', 'A=50:'], /such as "A=50/],
    [['--step', 'no-reply: When?'], /such as "no-reply 3d/],
    [['--step', 'later 3d: x'], /such as "no-reply 3d/],
    [['--step', 'tag: x'], /such as "no-reply 3d/],
    [['--goal', 'fame'], /replies or few-opt-outs/],
  ])('refuse %j with an example', (args, sentence) => {
    expect(() => plan(...args)).toThrow(sentence)
  })

  it('refuse what does not go together, and a file that is no such file', async () => {
    const path = file('{"steps": []}')
    await expect(plan('--texts-file', path, '--step', 'reply: x')).rejects.toThrow(/--texts-file, or/)
    await expect(plan('--step', 'reply: x', '--no-steps')).rejects.toThrow(/do not go together/)
    await expect(plan('--texts-file', file('no'))).rejects.toThrow(/is no JSON/)
    await expect(plan('--texts-file', file('{"name": "x"}'))).rejects.toThrow(/neither/)
    await expect(plan('--texts-file', `${path}x`)).rejects.toThrow(/cannot be read/)
  })
})
