import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import type { Settings as SettingsOf } from '../../../shared/operations/phones.ts'
import { ApiError, useChange } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'

export interface SectionProps {
  readonly settings: SettingsOf
}

/** A card of settings with its own button. `change`: null while what is typed cannot be saved. */
export function Section({
  title,
  change,
  children,
}: {
  readonly title: string
  readonly change: Partial<SettingsOf> | null
  readonly children: (fields: Readonly<Record<string, string>>) => ReactNode
}) {
  const update = useChange('settings.update', {
    touches: ['system', 'phones', 'campaigns', 'branding', 'friends', 'services'],
    onDone: () => notifications.show({ message: `${title}: saved.` }),
  })
  const fields = update.error instanceof ApiError ? update.error.fields : {}
  return (
    <SectionCard title={title}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (change) update.mutate(change)
        }}
      >
        <Stack>
          {children(fields)}
          <Problem error={update.error} />
          <Group justify="flex-end">
            <Button type="submit" variant="default" disabled={change === null} loading={update.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </SectionCard>
  )
}
