import { Badge, Button, Grid, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useChange, useRead } from '../../api.ts'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'
import { ago } from '../../lib/times.ts'
import { programOf } from '../../lib/user-agent.ts'
import { useSession, useUser } from '../../session.tsx'
import { ChangePasswordForm } from '../sign-in/change-password.tsx'
import { NotificationRules } from './notification-rules.tsx'
import { ThisWindow } from './this-window.tsx'

/** One's own account: what one is told of, where one is signed in, and the password. */
export function Account() {
  const user = useUser()
  return (
    <Page title="Your account" about={`${user.fullName || user.username}, ${user.role}`}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="xl">
            <NotificationRules />
            {window.connector && <ThisWindow />}
            <Sessions />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <SectionCard title="Change password">
            <Text size="sm" c="dimmed">
              Every place where you are signed in is signed out, this one too.
            </Text>
            <ChangePasswordForm />
          </SectionCard>
        </Grid.Col>
      </Grid>
    </Page>
  )
}

function Sessions() {
  const { refresh } = useSession()
  const { data, error, refetch } = useRead('account.sessions', {})
  const revoke = useChange('account.revoke-session', { onDone: () => void refresh() })
  return (
    <SectionCard title="Where you are signed in">
      <Problem error={error ?? revoke.error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={64} />}
      {data?.sessions.map(session => (
        <Group key={session.id} justify="space-between" wrap="nowrap">
          <Stack gap={0}>
            <Group gap="xs">
              <Text size="sm" fw={500}>
                {session.ip === null ? 'The window on this computer' : programOf(session.userAgent)}
              </Text>
              {session.current && (
                <Badge size="sm" variant="light">
                  this one
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              {session.ip !== null && `${session.ip}, `}last seen {ago(session.lastSeenAt)}, ends{' '}
              {ago(session.expiresAt)}
            </Text>
          </Stack>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => revoke.mutate({ id: session.id })}
            loading={revoke.isPending && revoke.variables.id === session.id}
            aria-label={`End the session ${session.current ? 'of this place' : `of ${programOf(session.userAgent)}`}`}
          >
            End
          </Button>
        </Group>
      ))}
    </SectionCard>
  )
}
