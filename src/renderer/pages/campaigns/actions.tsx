import { ActionIcon, Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconCopy,
  IconDotsVertical,
  IconDownload,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Campaign } from '../../../shared/operations/campaigns.ts'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { transport } from '../../transport/index.ts'
import { SendingDialog } from './sending-dialog.tsx'

/** What can be done with a campaign in its state. */
export function Actions({ campaign }: { readonly campaign: Campaign }) {
  const { id, state } = campaign
  const [, go] = useLocation()
  const [asks, setAsks] = useState<'cancel' | 'sending' | null>(null)
  const failed = (error: Error): void => void notifications.show({ color: 'red', message: error.message })
  const pause = useChange('campaigns.pause')
  const resume = useChange('campaigns.resume')
  const unschedule = useChange('campaigns.unschedule', { onDone: () => go(`/campaigns/${id}/edit`) })
  const duplicate = useChange('campaigns.duplicate', { onDone: copy => go(`/campaigns/${copy.id}/edit`) })
  const cancel = useChange('campaigns.cancel', { onDone: () => setAsks(null) })
  const isSending = state === 'running' || state === 'paused'

  const save = async (): Promise<void> => {
    const answer = await transport.save('campaigns.export', { id }, `${fileName(campaign.name)}.csv`)
    if (!answer.ok) notifications.show({ color: 'red', message: answer.error.message })
    else if (answer.data) notifications.show({ message: 'The results were saved.' })
  }
  return (
    <>
      {state === 'running' && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          loading={pause.isPending}
          onClick={() => pause.mutate({ id }, { onError: failed })}
        >
          Pause
        </Button>
      )}
      {state === 'paused' && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.mutate({ id }, { onError: failed })}
        >
          Resume
        </Button>
      )}
      {state === 'scheduled' && (
        <>
          <Button
            variant="default"
            loading={unschedule.isPending}
            onClick={() => unschedule.mutate({ id }, { onError: failed })}
          >
            Back to draft
          </Button>
          <Button component={Link} href={`/campaigns/${id}/review`}>
            Review
          </Button>
        </>
      )}
      {!isSending && state !== 'scheduled' && (
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
          Export results
        </Button>
      )}
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More actions">
            <IconDotsVertical size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isSending && (
            <>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setAsks('sending')}>
                Change hours and phones
              </Menu.Item>
              <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save()}>
                Export results so far
              </Menu.Item>
            </>
          )}
          {state === 'scheduled' && (
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => go(`/campaigns/${id}/edit`)}>
              Edit
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => duplicate.mutate({ id }, { onError: failed })}
          >
            Duplicate
          </Menu.Item>
          {(isSending || state === 'scheduled') && (
            <Menu.Item color="red" leftSection={<IconX size={16} aria-hidden />} onClick={() => setAsks('cancel')}>
              Cancel campaign
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asks === 'cancel'}
        title="Cancel this campaign?"
        action="Cancel campaign"
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ id })}
        onClose={() => setAsks(null)}
      >
        What no phone has attempted is never sent. What was sent stays on record. It cannot be started again, only
        duplicated.
      </Confirm>
      {asks === 'sending' && <SendingDialog campaign={campaign} onClose={() => setAsks(null)} />}
    </>
  )
}

/** Letters and digits of a name, so that any system takes it. */
function fileName(name: string): string {
  return (
    name
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'campaign'
  )
}
