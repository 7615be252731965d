import { Group, NumberInput, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core'
import { type ChangeEvent, useState } from 'react'
import type { Service } from '../../../shared/operations/services.ts'
import { ApiError, useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { ReloadField, reloadOf, reloadText } from './reload-field.tsx'

type TextKey = 'name' | 'subdomain' | 'address' | 'file' | 'host' | 'reload' | 'log'

/** What a service is and where its file lies. */
export function ServiceForm({
  service,
  onClose,
  onMade,
}: {
  readonly service: Service | null
  readonly onClose: () => void
  readonly onMade: (made: { service: Service; nobody: number }) => void
}) {
  const [draft, setDraft] = useState(() => draftOf(service))
  const set = (changes: Partial<typeof draft>) => setDraft({ ...draft, ...changes })
  const create = useChange('services.create', {
    onDone: made => {
      onClose()
      onMade(made)
    },
  })
  const update = useChange('services.update', { touches: ['friends', 'grants'], onDone: onClose })
  const error = create.error ?? update.error
  const fields = error instanceof ApiError ? error.fields : {}
  const basic = draft.authType === 'basic'
  /** What every field for text needs. `named`: as the hub calls it. */
  const text = (key: TextKey, named: string = key) => ({
    value: draft[key],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set({ [key]: event.currentTarget.value }),
    error: fields[named],
  })
  const isReady = draft.name.trim() !== '' && draft.address.trim() !== '' && (!basic || draft.file.trim() !== '')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const given = inputOf(draft)
        if (service) update.mutate({ id: service.id, ...given })
        else create.mutate({ ...given, authType: draft.authType })
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={error} />}
        <Group grow align="flex-start">
          <TextInput label="Name" {...text('name')} maxLength={120} data-autofocus />
          <TextInput label="Subdomain" placeholder="made from the name" {...text('subdomain')} />
        </Group>
        <TextInput label="Address" placeholder="https://wiki.example.org/" {...text('address')} />
        {service === null && (
          <Stack gap={4}>
            <Text size="sm" fw={500} id="asks-for">
              It asks for
            </Text>
            <SegmentedControl
              aria-labelledby="asks-for"
              value={draft.authType}
              onChange={value => set({ authType: value as 'basic' | 'none' })}
              data={[
                { value: 'basic', label: 'User name and password' },
                { value: 'none', label: 'Nothing' },
              ]}
            />
          </Stack>
        )}
        {basic && (
          <>
            <TextInput
              label="htpasswd file"
              description="The whole path. What is in it stays; a new file is made where there is none."
              placeholder="/srv/htpasswd/wiki"
              {...text('file', 'htpasswdFile')}
            />
            <TextInput
              label="On another host"
              description="Where ssh goes for file and reload, such as deploy@proxy.example.org. Empty: this computer."
              {...text('host')}
            />
            <ReloadField
              label="Reload command"
              description="One argument a line; no shell reads it. nginx and Apache need none."
              {...text('reload')}
            />
            <Group grow align="flex-start">
              <NumberInput
                label="New credentials count (days)"
                placeholder="until they are ended"
                min={1}
                max={3650}
                allowDecimal={false}
                value={draft.days}
                onChange={days => set({ days })}
                error={fields['expiryDays']}
              />
              <NumberInput
                label="Warn so many days before"
                min={0}
                max={365}
                allowDecimal={false}
                value={draft.warn}
                onChange={warn => set({ warn })}
                error={fields['warnDays']}
              />
            </Group>
          </>
        )}
        <TextInput
          label="Access log of the proxy"
          description="Tells who opened it and when. The whole path on this computer; empty: it is not read."
          placeholder="/var/log/nginx/access.log"
          {...text('log', 'logFile')}
        />
        {basic && (
          <>
            <Switch
              label="People may make a new password themselves"
              checked={draft.selfRenewal}
              onChange={event => set({ selfRenewal: event.currentTarget.checked })}
            />
            <Switch
              label="Offer to sign in by the address"
              description="The personal page puts the password into the address, after a warning. Some browsers block that; copying always works."
              checked={draft.handOver}
              onChange={event => set({ handOver: event.currentTarget.checked })}
            />
          </>
        )}
        <FormButtons loading={create.isPending || update.isPending} disabled={!isReady} onCancel={onClose}>
          {service ? 'Save' : 'Add'}
        </FormButtons>
      </Stack>
    </form>
  )
}

function draftOf(service: Service | null) {
  return {
    name: service?.name ?? '',
    subdomain: service?.subdomain ?? '',
    address: service?.address ?? '',
    authType: service?.authType ?? ('basic' as const),
    host: service?.host ?? '',
    file: service?.htpasswdFile ?? '',
    reload: reloadText(service?.reload),
    days: (service?.expiryDays ?? '') as number | string,
    warn: (service?.warnDays ?? 7) as number | string,
    log: service?.logFile ?? '',
    handOver: service?.handOver ?? false,
    selfRenewal: service?.selfRenewal ?? false,
  }
}

function inputOf(draft: ReturnType<typeof draftOf>) {
  return {
    name: draft.name.trim(),
    address: draft.address.trim(),
    ...(draft.subdomain.trim() !== '' && { subdomain: draft.subdomain.trim() }),
    logFile: draft.log.trim() === '' ? null : draft.log.trim(),
    ...(draft.authType === 'basic' && {
      host: draft.host.trim(),
      htpasswdFile: draft.file.trim(),
      reload: reloadOf(draft.reload),
      expiryDays: draft.days === '' ? null : Number(draft.days),
      warnDays: Number(draft.warn) || 0,
      handOver: draft.handOver,
      selfRenewal: draft.selfRenewal,
    }),
  }
}
