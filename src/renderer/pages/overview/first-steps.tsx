import { Anchor, Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { useUser } from '../../session.tsx'

interface Step {
  readonly title: string
  readonly about: string
  readonly href: string
  readonly done: boolean
}

/** From an empty hub to the first text that was sent. Gone once there is one. */
export function FirstSteps({ stats }: { readonly stats: OutputOf<'system.stats'> }) {
  const { role } = useUser()
  const begun = Object.entries(stats.campaigns).some(([state, count]) => state !== 'draft' && count > 0)
  const steps: Step[] = [
    ...(role === 'admin'
      ? [
          {
            title: 'Check country and allowed hours',
            about: 'Numbers without a country are read as those of yours, and nobody gets a text at night.',
            href: '/admin/settings',
            done: stats.phones > 0,
          },
          {
            title: 'Pair a phone',
            about: 'Any Android phone with Termux. It takes one code and about two minutes.',
            href: '/phones',
            done: stats.phones > 0,
          },
        ]
      : []),
    {
      title: 'Import a list',
      about:
        'A CSV of people who agreed to get texts. Numbers are checked, duplicates found, and all of it can be undone.',
      href: '/imports',
      done: stats.contacts > 0,
    },
    {
      title: 'Send the first campaign',
      about: 'Write the text, look at the review, send a test to yourself, and start it.',
      href: '/campaigns/new',
      done: begun,
    },
  ]
  const next = steps.find(step => !step.done)
  return (
    <Paper withBorder p="lg" component="section" aria-label="First steps">
      <Stack>
        <Title order={2} size="h5">
          To the first text
        </Title>
        {steps.map((step, at) => (
          <Group key={step.title} wrap="nowrap" align="flex-start">
            <ThemeIcon
              radius="xl"
              size="md"
              variant={step.done ? 'filled' : step === next ? 'light' : 'default'}
              color={step.done ? 'teal.9' : 'ink'}
            >
              {step.done ? <IconCheck size={14} aria-label="Done" /> : <Text size="xs">{at + 1}</Text>}
            </ThemeIcon>
            <Stack gap={0}>
              <Anchor component={Link} href={step.href} size="sm" fw={step === next ? 600 : 400}>
                {step.title}
              </Anchor>
              <Text size="xs" c="dimmed">
                {step.about}
              </Text>
            </Stack>
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
