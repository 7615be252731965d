import { Button, Group, Skeleton, Stack, Switch, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UpdateState, WindowChange, WindowSettings } from '../../../shared/bridge.ts'
import type { Answer } from '../../../shared/errors.ts'
import { ApiError } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { dateAndTime } from '../../lib/times.ts'

const KEY = ['window.settings']

/** How the window behaves on this computer. Only there: a browser has its own settings for all of this. */
export function ThisWindow() {
  const { window: door } = window.connector!
  const client = useQueryClient()
  const { data, error } = useQuery({ queryKey: KEY, queryFn: () => dataOf(door.settings()) })
  const keep = { onSuccess: (settings: WindowSettings) => client.setQueryData(KEY, settings) }
  const change = useMutation({ mutationFn: (input: WindowChange) => dataOf(door.change(input)), ...keep })
  const look = useMutation({ mutationFn: () => dataOf(door.checkForUpdates()), ...keep })
  return (
    <SectionCard title="This computer">
      <Problem error={error ?? change.error ?? look.error} />
      {!data && !error && <Skeleton h={120} />}
      {data && (
        <>
          <Switch
            label="Start when I sign in to this computer"
            description={data.startAtLogin === null ? 'Possible where the application is installed.' : undefined}
            disabled={data.startAtLogin === null}
            checked={data.startAtLogin ?? false}
            onChange={event => change.mutate({ startAtLogin: event.currentTarget.checked })}
          />
          <Switch
            label="Go on in the tray when the window is closed"
            description={
              data.closeToTray === null
                ? 'This desktop shows no icons of applications.'
                : 'Otherwise closing the window ends the application. The menu of the icon opens it and ends it.'
            }
            disabled={data.closeToTray === null}
            checked={data.closeToTray ?? false}
            onChange={event => change.mutate({ closeToTray: event.currentTarget.checked })}
          />
          <Switch
            label="Notifications on this computer"
            description={
              data.notifications === null
                ? 'This desktop shows none.'
                : 'Of replies and of phones that need somebody, while nobody looks at the window.'
            }
            disabled={data.notifications === null}
            checked={data.notifications ?? false}
            onChange={event => change.mutate({ notifications: event.currentTarget.checked })}
          />
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Stack gap={2}>
              <Text size="sm">Version {data.version}</Text>
              <Text size="xs" c="dimmed" role="status">
                {updateText(data.update)}
              </Text>
            </Stack>
            {data.update.kind !== 'off' && (
              <Button
                variant="default"
                size="compact-sm"
                flex="none"
                loading={look.isPending}
                disabled={data.update.kind === 'loading' || data.update.kind === 'ready'}
                onClick={() => look.mutate()}
              >
                Look for a newer one
              </Button>
            )}
          </Group>
        </>
      )}
    </SectionCard>
  )
}

function updateText(update: UpdateState): string {
  switch (update.kind) {
    case 'off':
      return `Updates are off. ${update.why}`
    case 'current':
      return update.checkedAt === null
        ? 'It looks for newer versions once a day.'
        : `The newest one, as of ${dateAndTime(update.checkedAt)}.`
    case 'found':
      return update.installs
        ? `Version ${update.version} is there, and not loaded yet.`
        : `Version ${update.version} is there. Install it the way this one was installed.`
    case 'loading':
      return `Version ${update.version} is being loaded.`
    case 'ready':
      return `Version ${update.version} is loaded, and installed when you quit.`
    case 'failed':
      return `It could not be looked for at ${dateAndTime(update.at)}. The log says why; it is tried again tomorrow.`
  }
}

async function dataOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer
  if (!given.ok) throw new ApiError(given.error)
  return given.data
}
