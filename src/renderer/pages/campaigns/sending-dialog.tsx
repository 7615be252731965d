import { Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Campaign } from '../../../shared/operations/campaigns.ts'
import { useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { draftOf, planOf, problemsOf } from './draft.ts'
import { SendingFields } from './sending-fields.tsx'

/** Changes hours, expiry and phones of a campaign that has begun. */
export function SendingDialog({ campaign, onClose }: { readonly campaign: Campaign; readonly onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(campaign))
  const update = useChange('campaigns.update', { onDone: onClose })
  const { hours, expires } = problemsOf(draft)
  const isSound = hours === undefined && expires === undefined
  return (
    <Modal opened onClose={onClose} title="Hours and phones" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!isSound) return
          const { hours, sims, expiresAt } = planOf(draft)
          update.mutate({ id: campaign.id, hours, sims, expiresAt })
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            What no phone has attempted goes by this from now on.
          </Text>
          <SendingFields
            value={draft}
            problems={{ hours, expires }}
            onChange={change => setDraft(old => ({ ...old, ...change }))}
          />
          <Problem error={update.error} />
          <FormButtons cancel="Keep it as it is" disabled={!isSound} loading={update.isPending} onCancel={onClose}>
            Save
          </FormButtons>
        </Stack>
      </form>
    </Modal>
  )
}
