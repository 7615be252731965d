import { Alert, Button, Group, Skeleton, Stack, Stepper, Text } from '@mantine/core'
import { IconFileOff, IconInfoCircle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link, Redirect, useLocation } from 'wouter'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { CheckStep } from './check-step.tsx'
import { ColumnsStep } from './columns-step.tsx'
import { ConsentStep } from './consent-step.tsx'
import { settingsOf, useDraft } from './draft.ts'
import { Drop } from './drop.tsx'

/** A list becomes an import: the file, what its columns hold, how it would come in, and how the people agreed. */
export function Wizard({ upload }: { readonly upload: string | null }) {
  const [, go] = useLocation()
  if (upload !== null) return <Steps upload={upload} />
  return (
    <Page title="Import a list" actions={<ToImports />}>
      <Stack gap="lg">
        <Head active={0} />
        <Drop onReceived={id => go(`/imports/new/${id}`)} />
      </Stack>
    </Page>
  )
}

function ToImports() {
  return (
    <Button component={Link} href="/imports" variant="default">
      All imports
    </Button>
  )
}

function Head({ active, onStep }: { readonly active: number; readonly onStep?: (step: number) => void }) {
  return (
    <Stepper active={active} {...(onStep && { onStepClick: onStep })} size="sm" aria-label="Steps of the import">
      {['List', 'Columns', 'Check', 'Consent'].map((label, step) => (
        <Stepper.Step
          key={label}
          label={label}
          allowStepSelect={onStep !== undefined && step < active && step > 0}
          aria-current={step === active ? 'step' : undefined}
        />
      ))}
    </Stepper>
  )
}

function Steps({ upload }: { readonly upload: string }) {
  const [, go] = useLocation()
  const [draft, change] = useDraft(upload)
  const { data: uploads } = useRead('uploads.list', {})
  const { data: settings } = useRead('settings.get', {})
  const country = settings?.defaultCountry ?? null
  const preview = useRead(
    'uploads.preview',
    { upload, settings: settingsOf(draft, country), rows: 100 },
    { enabled: settings !== undefined },
  )
  const start = useChange('uploads.start', {
    touches: ['imports', 'contacts'],
    onDone: ({ id }) => go(`/imports/${id}`, { replace: true }),
  })
  const top = useRef<HTMLDivElement>(null)
  const { step } = draft
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is read from its beginning.
  useEffect(() => top.current?.focus({ preventScroll: false }), [step])

  const known = uploads?.uploads.find(({ id }) => id === upload)
  if (known?.importId && !start.isPending && !start.isSuccess)
    return <Redirect to={`/imports/${known.importId}`} replace />
  if (preview.error instanceof ApiError && preview.error.code === 'not_found') return <Gone />
  const { data } = preview
  const mapping = draft.mapping ?? data?.mapping
  const hasPhone = (mapping?.phones.length ?? 0) > 0
  const stepTo = (next: number) => change({ step: next })
  return (
    <Page title={known ? `Import ${known.fileName}` : 'Import a list'} actions={<ToImports />}>
      <Stack gap="lg">
        <Head active={step + 1} onStep={at => stepTo(at - 1)} />
        <Problem error={preview.error} title="This list cannot be read" onRetry={() => void preview.refetch()} />
        <Stack gap="lg" ref={top} tabIndex={-1} style={{ outline: 'none' }}>
          {!data && !preview.error && <Skeleton h={320} className="late" />}
          {data && mapping && step === 0 && (
            <ColumnsStep draft={draft} data={data} mapping={mapping} onChange={change} />
          )}
          {data && mapping && step === 1 && (
            <CheckStep draft={draft} data={data} country={country} busy={preview.isFetching} onChange={change} />
          )}
          {mapping && step === 2 && (
            <ConsentStep
              draft={draft}
              mapping={mapping}
              proposedList={known?.fileName.replace(/\.[^.]*$/, '') ?? ''}
              onChange={change}
            />
          )}
        </Stack>
        {data && !hasPhone && (
          <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />} role="status">
            No column holds telephone numbers yet. Choose “Phone number” for the one that does.
          </Alert>
        )}
        <Problem error={start.error} title="The import did not begin" />
        <Group justify="space-between">
          {step === 0 ? (
            <Button component={Link} href="/imports/new" variant="default">
              Another list
            </Button>
          ) : (
            <Button variant="default" onClick={() => stepTo(step - 1)}>
              Back
            </Button>
          )}
          {step < 2 ? (
            <Button disabled={!data || !hasPhone} onClick={() => stepTo(step + 1)}>
              {step === 0 ? 'Check the rows' : 'Go on'}
            </Button>
          ) : (
            <Group>
              {draft.consent.source.trim() === '' && (
                <Text size="sm" c="dimmed">
                  No consent is recorded.
                </Text>
              )}
              <Button
                disabled={!data || !hasPhone}
                loading={start.isPending}
                onClick={() => start.mutate({ upload, settings: settingsOf({ ...draft, mapping: mapping! }, country) })}
              >
                Start the import
              </Button>
            </Group>
          )}
        </Group>
      </Stack>
    </Page>
  )
}

function Gone() {
  return (
    <Page title="Import a list">
      <Empty
        icon={IconFileOff}
        title="This list is not here any more"
        action={
          <Button component={Link} href="/imports/new">
            Choose a list
          </Button>
        }
      >
        A list that nobody imports is removed after a day. Send it again.
      </Empty>
    </Page>
  )
}
