import { Button, Group, List, NumberInput, Skeleton, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Removes, Retention as Rules } from '../../../shared/operations/privacy.ts'
import { call, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Problem } from '../../components/problem.tsx'
import { figure } from '../../lib/times.ts'

/** How long texts and logs are kept. */
export function Retention() {
  const { data, error } = useRead('retention.get', {})
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        How long things are kept
      </Title>
      <Text size="sm" c="dimmed">
        Once a day what is older is removed. That a message went out, opt-outs, consent and the audit log stay.
      </Text>
      <Problem error={error} />
      {data ? <Form key={JSON.stringify(data)} rules={data} /> : !error && <Skeleton h={160} className="late" />}
    </Stack>
  )
}

const FIELDS: readonly { readonly name: keyof Rules; readonly label: string }[] = [
  { name: 'messages', label: 'Texts that went out' },
  { name: 'replies', label: 'Texts that came in' },
  { name: 'logs', label: 'Sign-ins, webhook deliveries and import reports' },
]

function Form({ rules }: { readonly rules: Rules }) {
  const [draft, setDraft] = useState(rules)
  const [runs, setRuns] = useState(false)
  const set = useChange('retention.set', {
    onDone: () => notifications.show({ message: 'The rules were saved.' }),
  })
  const preview = useMutation({ mutationFn: (asked: Rules) => call('retention.preview', asked) })
  const run = useChange('retention.run', {
    touches: ['inbox', 'messages', 'logins', 'webhooks', 'imports'],
    onDone: ({ removed }) => {
      setRuns(false)
      notifications.show({ message: `Removed: ${removesText(removed)}.` })
    },
  })
  const isSame = JSON.stringify(draft) === JSON.stringify(rules)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        set.mutate(draft)
      }}
    >
      <Stack gap="sm">
        {FIELDS.map(({ name, label }) => (
          <NumberInput
            key={name}
            label={label}
            description="Days; empty: for ever"
            w={340}
            min={7}
            max={3650}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            value={draft[name] ?? ''}
            onChange={value => setDraft({ ...draft, [name]: typeof value === 'number' ? value : null })}
          />
        ))}
        <Problem error={set.error ?? preview.error} />
        <Group gap="sm">
          <Button type="submit" disabled={isSame} loading={set.isPending}>
            Save the rules
          </Button>
          <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate(draft)}>
            What would that remove?
          </Button>
          <Button variant="default" disabled={!isSame} onClick={() => setRuns(true)}>
            Remove it now
          </Button>
        </Group>
        {preview.data && (
          <div role="status">
            <Text size="sm">Now this would be removed:</Text>
            <List size="sm">
              {Object.entries(preview.data.removes).map(([what, count]) => (
                <List.Item key={what}>
                  {figure(count)} {WORDS[what as keyof Removes]}
                </List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
      <Confirm
        opened={runs}
        title="Remove what is older now?"
        action="Remove"
        busy={run.isPending}
        error={run.error}
        onConfirm={() => run.mutate({})}
        onClose={() => setRuns(false)}
      >
        Texts and logs that are older than the rules allow are gone for good.
      </Confirm>
    </form>
  )
}

const WORDS: Readonly<Record<keyof Removes, string>> = {
  messages: 'texts that went out',
  replies: 'texts that came in',
  signIns: 'sign-ins',
  deliveries: 'webhook deliveries',
  importReports: 'rows of import reports',
}

function removesText(removes: Removes): string {
  const parts = Object.entries(removes).filter(([, count]) => count > 0)
  if (parts.length === 0) return 'nothing was old enough'
  return parts.map(([what, count]) => `${figure(count)} ${WORDS[what as keyof Removes]}`).join(', ')
}
