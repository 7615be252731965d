import {
  ActionIcon,
  Anchor,
  Button,
  Center,
  Menu,
  Progress,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  VisuallyHidden,
} from '@mantine/core'
import {
  IconCopy,
  IconDots,
  IconDotsVertical,
  IconHistory,
  IconPlus,
  IconSpeakerphone,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { CampaignState, ListedCampaign } from '../../../shared/operations/campaigns.ts'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { offerUndo } from '../../components/undo.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { figure, moment, percent } from '../../lib/times.ts'
import { CampaignPill } from './states.tsx'

const FILTERS: Readonly<Record<string, { label: string; states: CampaignState[] }>> = {
  all: { label: 'All', states: [] },
  draft: { label: 'Drafts', states: ['draft'] },
  scheduled: { label: 'Scheduled', states: ['scheduled'] },
  running: { label: 'Running', states: ['running', 'paused'] },
  ended: { label: 'Ended', states: ['completed', 'cancelled'] },
}

/** Every campaign with how far it is, newest first. */
export function CampaignList() {
  const [, go] = useLocation()
  const [filter, setFilter] = useState('all')
  const list = useGrowingList('campaigns.list', { states: FILTERS[filter]!.states })
  const [gone, setGone] = useState<ListedCampaign | null>(null)
  const remove = useChange('campaigns.delete', {
    touches: ['undo'],
    onDone: ({ undo }) => {
      offerUndo(`The draft “${gone?.name ?? ''}” was deleted.`, undo, 'undo.campaigns')
      setGone(null)
    },
  })
  const isBare = filter === 'all' && !list.loading && list.items.length === 0 && !list.error
  const add = (
    <Button component={Link} href="/campaigns/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New campaign
    </Button>
  )
  return (
    <Page
      title="Campaigns"
      actions={
        <>
          {!isBare && add}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" px="xs" aria-label="More">
                <IconDots size={18} aria-hidden />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconHistory size={16} aria-hidden />} onClick={() => go('/changes')}>
                Recent changes
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      {isBare ? (
        <Empty icon={IconSpeakerphone} title="No campaign yet" action={add}>
          A campaign sends one text to many people, from your own phone. Write it, look at the review, and start it.
        </Empty>
      ) : (
        <Stack>
          <SegmentedControl
            aria-label="Which campaigns"
            value={filter}
            onChange={setFilter}
            data={Object.entries(FILTERS).map(([value, { label }]) => ({ value, label }))}
            w="fit-content"
          />
          <Problem error={list.error} onRetry={list.retry} />
          {list.loading && <Skeleton h={180} />}
          {!list.loading && list.items.length === 0 && !list.error && (
            <Text size="sm" c="dimmed" py="lg">
              No campaign is in this state.
            </Text>
          )}
          {list.items.length > 0 && <Rows campaigns={list.items} onDelete={setGone} />}
          {list.hasMore && (
            <Center>
              <Button variant="default" onClick={list.more} loading={list.loadingMore}>
                Show more
              </Button>
            </Center>
          )}
        </Stack>
      )}
      <Confirm
        opened={gone !== null}
        title="Delete this draft?"
        action="Delete draft"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => gone && remove.mutate({ id: gone.id })}
        onClose={() => setGone(null)}
      >
        “{gone?.name}” has sent nothing. For a day it can be brought back under More, Recent changes.
      </Confirm>
    </Page>
  )
}

function Rows({
  campaigns,
  onDelete,
}: {
  readonly campaigns: readonly ListedCampaign[]
  readonly onDelete: (campaign: ListedCampaign) => void
}) {
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table verticalSpacing="sm" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Campaign</Table.Th>
            <Table.Th w={140}>State</Table.Th>
            <Table.Th w={130}>Progress</Table.Th>
            <Table.Th w={90} ta="right">
              Replies
            </Table.Th>
            <Table.Th w={48}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {campaigns.map(campaign => (
            <Row key={campaign.id} campaign={campaign} onDelete={() => onDelete(campaign)} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ campaign, onDelete }: { readonly campaign: ListedCampaign; readonly onDelete: () => void }) {
  const { id, name, state, messages, ended, sent, replies } = campaign
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          component={Link}
          href={state === 'draft' ? `/campaigns/${id}/edit` : `/campaigns/${id}`}
          fw={500}
          size="sm"
          lineClamp={2}
          dir="auto"
          title={name}
          style={{ overflowWrap: 'anywhere' }}
        >
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-start">
          <CampaignPill state={state} />
          <Text size="xs" c="dimmed">
            {whenOf(campaign)}
          </Text>
        </Stack>
      </Table.Td>
      <Table.Td>
        {messages > 0 && (
          <Stack gap={4}>
            <Progress
              value={(ended / messages) * 100}
              size="sm"
              aria-label={`${percent(ended / messages)} of ${name} has come to an end`}
            />
            <Text size="xs" c="dimmed" className="figures">
              {figure(sent)} sent of {figure(messages)}
            </Text>
          </Stack>
        )}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {replies > 0 ? figure(replies) : ''}
      </Table.Td>
      <Table.Td>
        <RowMenu campaign={campaign} onDelete={onDelete} />
      </Table.Td>
    </Table.Tr>
  )
}

function whenOf({ scheduledAt, startedAt, finishedAt, createdAt, state }: ListedCampaign): string {
  if (state === 'scheduled' && scheduledAt !== null) return `starts ${moment(scheduledAt)}`
  if (finishedAt !== null) return `ended ${moment(finishedAt)}`
  if (startedAt !== null) return `began ${moment(startedAt)}`
  return `made ${moment(createdAt)}`
}

function RowMenu({ campaign, onDelete }: { readonly campaign: ListedCampaign; readonly onDelete: () => void }) {
  const [, go] = useLocation()
  const duplicate = useChange('campaigns.duplicate', { onDone: ({ id }) => go(`/campaigns/${id}/edit`) })
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${campaign.name}`}>
          <IconDotsVertical size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={() => duplicate.mutate({ id: campaign.id })}
        >
          Duplicate
        </Menu.Item>
        {campaign.state === 'draft' && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onDelete}>
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
