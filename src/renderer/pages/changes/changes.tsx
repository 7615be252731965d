import { Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { ChangeRow } from './row.tsx'

/** What was done to many contacts, to lists, segments and drafts in the last day: each can be undone. */
export function Changes() {
  const { data, error, refetch } = useRead('undo.list', {}, { everyMs: 3_000 })
  return (
    <Page title="Recent changes" about="What was done in the last day and can be undone, newest first">
      <Stack>
        <Problem error={error} onRetry={() => void refetch()} />
        {!data && !error && <Skeleton h={180} className="late" />}
        {data?.undos.length === 0 && (
          <Empty icon={IconHistory} title="Nothing in the last day">
            Tags and lists of many contacts, a list that is renamed or deleted, and a segment or draft that is deleted
            stand here for a day.
          </Empty>
        )}
        {data && data.undos.length > 0 && (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing="sm" layout="fixed" aria-label="Recent changes">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  <Table.Th w={110}>Who</Table.Th>
                  <Table.Th w={135}>When</Table.Th>
                  <Table.Th w={110} ta="right">
                    <VisuallyHidden>What can be done</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.undos.map(undo => (
                  <ChangeRow key={undo.id} undo={undo} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <Text size="xs" c="dimmed">
          An import is undone on its own report. Contacts that were deleted, erased or merged, tags of threads, saved
          replies and lifted suppressions cannot be undone.
        </Text>
      </Stack>
    </Page>
  )
}
