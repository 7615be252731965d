import { Alert, Button, Fieldset, Grid, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import type { Campaign } from '../../../shared/operations/campaigns.ts'
import type { Settings } from '../../../shared/operations/phones.ts'
import { mentionsOptOut } from '../../../shared/sms/opt-out-mention.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { AudienceFields } from './audience-fields.tsx'
import { ConsentField } from './consent-field.tsx'
import { type Draft, draftOf, emptyDraft, planOf, problemsOf, stopWordsOf } from './draft.ts'
import { PhonePreview } from './phone-preview.tsx'
import { SendingFields } from './sending-fields.tsx'
import { StepFields } from './step-fields.tsx'
import { stepProblems, type VariantDraft, variantProblems } from './texts.ts'
import { VariantFields } from './variant-fields.tsx'

export function NewCampaign() {
  const { data: settings, error, refetch } = useRead('settings.get', {})
  if (settings) return <Editor campaign={null} settings={settings} />
  return <Loading title="New campaign" error={error} onRetry={() => void refetch()} />
}

export function EditCampaign({ id }: { readonly id: number }) {
  const { data: settings } = useRead('settings.get', {})
  const { data: campaign, error, refetch } = useRead('campaigns.get', { id })
  if (!campaign || !settings) return <Loading title="Campaign" error={error} onRetry={() => void refetch()} />
  if (campaign.state !== 'draft' && campaign.state !== 'scheduled') return <Redirect to={`/campaigns/${id}`} replace />
  return <Editor campaign={campaign} settings={settings} />
}

function Loading({
  title,
  error,
  onRetry,
}: {
  readonly title: string
  readonly error: Error | null
  readonly onRetry: () => void
}) {
  return <Page title={title}>{error ? <Problem error={error} onRetry={onRetry} /> : <Skeleton h={360} />}</Page>
}

/** Writes a campaign. Leaving the screen keeps what was written as a draft. */
function Editor({ campaign, settings }: { readonly campaign: Campaign | null; readonly settings: Settings }) {
  const { data: optOuts } = useRead('optouts.words', {})
  const ownWords = optOuts?.words ?? []
  const [, go] = useLocation()
  const [draft, setDraft] = useState<Draft>(() => (campaign ? draftOf(campaign) : emptyDraft(settings.hours)))
  const [tried, setTried] = useState(false)
  const [shownAt, setShownAt] = useState(0)
  const saved = useRef(draft)
  const create = useChange('campaigns.create')
  const update = useChange('campaigns.update')
  const problems = problemsOf(draft)
  const isSound = Object.keys(problems).length === 0
  const set = (change: Partial<Draft>): void => setDraft(old => ({ ...old, ...change }))

  const save = async (): Promise<number | null> => {
    setTried(true)
    if (!isSound) return null
    try {
      const plan = planOf(draft)
      const { id } = campaign ? await update.mutateAsync({ id: campaign.id, ...plan }) : await create.mutateAsync(plan)
      saved.current = draft
      return id
    } catch {
      // It is shown below the title.
      return null
    }
  }
  const saveHere = async (): Promise<void> => {
    const id = await save()
    if (id === null) return
    notifications.show({ message: campaign?.state === 'scheduled' ? 'Saved.' : 'Draft saved.' })
    if (!campaign) go(`/campaigns/${id}/edit`, { replace: true })
  }
  const review = async (): Promise<void> => {
    const id = await save()
    if (id !== null) go(`/campaigns/${id}/review`)
  }
  useHotkeys([['mod+S', () => void saveHere()]], [])
  useKeptOnLeaving(isSound && campaign?.state !== 'scheduled' ? save : null, saved, draft)

  const busy = create.isPending || update.isPending
  const error = create.error ?? update.error
  const fields = error instanceof ApiError ? error.fields : {}
  const shown = tried ? problems : {}
  const [settled] = useDebouncedValue(draft, 300)
  const template = (settled.variants[shownAt] ?? settled.variants[0]!).template
  const isWritten = template.trim() !== ''
  const { data: preview } = useRead(
    'campaigns.preview',
    { template, audience: settled.audience, contacts: 8 },
    { enabled: isWritten },
  )
  const words = ['STOP', ...stopWordsOf(ownWords, settled.audience.lists)]
  const silent = settled.variants.filter(one => one.template.trim() !== '' && !mentionsOptOut(one.template, words))
  return (
    <Page
      title={campaign ? campaign.name : 'New campaign'}
      about={
        campaign?.state === 'scheduled' ? 'It is scheduled: what you change here counts when it starts.' : undefined
      }
      actions={
        <>
          <Button variant="default" onClick={() => void saveHere()} loading={busy}>
            {campaign?.state === 'scheduled' ? 'Save' : 'Save draft'}
          </Button>
          <Button onClick={() => void review()} loading={busy}>
            Review
          </Button>
        </>
      }
    >
      <Stack>
        <Problem error={error} />
        <Grid gap="xl">
          <Grid.Col span={{ base: 12, sm: 7 }}>
            <Stack gap="lg">
              <TextInput
                label="Name"
                description="Only you see it."
                value={draft.name}
                maxLength={120}
                onChange={event => set({ name: event.currentTarget.value })}
                error={shown.name ?? fields['name']}
                autoFocus={campaign === null}
                required
                withAsterisk={false}
              />
              <VariantFields
                value={draft.variants}
                goal={draft.goal}
                problems={tried ? variantProblems(draft.variants) : {}}
                error={fields['template'] ?? fields['variants']}
                replaced={isWritten ? (preview?.replaced ?? null) : null}
                shown={shownAt}
                audience={settled.audience}
                onChange={variants => set({ variants })}
                onGoal={goal => set({ goal })}
                onShow={setShownAt}
              />
              {isWritten && preview && preview.unknownFields.length > 0 && (
                <Warning>
                  No contact has {preview.unknownFields.join(', ')}. Mend the name, or import a list with that column.
                </Warning>
              )}
              {silent.length > 0 && (
                <Warning
                  action="Add it"
                  onAction={() => set({ variants: draft.variants.map(one => withOptOut(one, words)) })}
                >
                  {settled.variants.length === 1
                    ? 'The text does not say how to opt out.'
                    : `${silent.map(one => one.label).join(', ')} ${silent.length === 1 ? 'does' : 'do'} not say how to opt out.`}
                </Warning>
              )}
              <Fieldset legend="Audience">
                <AudienceFields value={draft.audience} onChange={audience => set({ audience })} />
                <ConsentField value={draft} onChange={set} />
              </Fieldset>
              <Fieldset legend="Follow-ups">
                <StepFields
                  value={draft.steps}
                  problems={tried ? stepProblems(draft.steps) : {}}
                  waitDays={draft.waitDays}
                  audience={settled.audience}
                  onChange={steps => set({ steps })}
                  onWaitDays={waitDays => set({ waitDays })}
                />
                {shown.steps && (
                  <Text size="sm" c="error" role="alert" mt="sm">
                    {shown.steps}
                  </Text>
                )}
              </Fieldset>
              <Fieldset legend="Sending">
                <SendingFields value={draft} problems={shown} onChange={set} />
              </Fieldset>
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, sm: 5 }}>
            <div style={{ position: 'sticky', top: 'var(--mantine-spacing-md)' }}>
              <PhonePreview previews={isWritten ? (preview?.previews ?? []) : []} />
            </div>
          </Grid.Col>
        </Grid>
      </Stack>
    </Page>
  )
}

/** A text that does not say how to opt out says so now. */
function withOptOut(variant: VariantDraft, words: readonly string[]): VariantDraft {
  if (variant.template.trim() === '' || mentionsOptOut(variant.template, words)) return variant
  return { ...variant, template: `${variant.template.trimEnd()} Reply STOP to opt out.` }
}

function Warning({
  children,
  action,
  onAction,
}: {
  readonly children: React.ReactNode
  readonly action?: string
  readonly onAction?: () => void
}) {
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} p="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{children}</Text>
        {action && (
          <Button size="compact-sm" variant="default" onClick={onAction} flex="none">
            {action}
          </Button>
        )}
      </Group>
    </Alert>
  )
}

/**
 * Saves once, when the person goes elsewhere with something unsaved. Without `save` it is not kept (it is no whole
 * campaign yet, or a scheduled one, which only changes when somebody says so), and the person is told.
 */
function useKeptOnLeaving(
  save: (() => Promise<number | null>) | null,
  saved: { readonly current: Draft },
  draft: Draft,
): void {
  const last = useRef(save)
  const written = useRef(draft)
  useEffect(() => {
    last.current = save
    written.current = draft
  })
  useEffect(
    () => () => {
      if (written.current === saved.current) return
      if (!last.current) {
        notifications.show({ color: 'yellow', message: 'What you changed was not saved.' })
        return
      }
      void last.current().then(id => {
        if (id !== null) notifications.show({ message: 'What you wrote was kept as a draft.' })
      })
    },
    [saved],
  )
}
