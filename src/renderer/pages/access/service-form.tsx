import { Button, Group, NumberInput, SegmentedControl, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Service } from '../../../shared/operations/services.ts'
import { ApiError, useChange } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'

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
          <TextInput
            label="Name"
            value={draft.name}
            onChange={event => set({ name: event.currentTarget.value })}
            error={fields['name']}
            maxLength={120}
            data-autofocus
          />
          <TextInput
            label="Subdomain"
            placeholder="made from the name"
            value={draft.subdomain}
            onChange={event => set({ subdomain: event.currentTarget.value })}
            error={fields['subdomain']}
          />
        </Group>
        <TextInput
          label="Address"
          placeholder="https://wiki.example.org/"
          value={draft.address}
          onChange={event => set({ address: event.currentTarget.value })}
          error={fields['address']}
        />
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
              value={draft.file}
              onChange={event => set({ file: event.currentTarget.value })}
              error={fields['htpasswdFile']}
            />
            <TextInput
              label="On another host"
              description="Where ssh goes for file and reload, such as deploy@proxy.example.org. Empty: this computer."
              value={draft.host}
              onChange={event => set({ host: event.currentTarget.value })}
              error={fields['host']}
            />
            <Textarea
              label="Reload command"
              description="One argument a line; no shell reads it. nginx and Apache need none."
              value={draft.reload}
              onChange={event => set({ reload: event.currentTarget.value })}
              error={fields['reload']}
              autosize
              minRows={2}
              classNames={{ input: 'exact' }}
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
          value={draft.log}
          onChange={event => set({ log: event.currentTarget.value })}
          error={fields['logFile']}
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
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending} disabled={!isReady}>
            {service ? 'Save' : 'Add'}
          </Button>
        </Group>
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
    reload: service?.reload?.join('\n') ?? '',
    days: (service?.expiryDays ?? '') as number | string,
    warn: (service?.warnDays ?? 7) as number | string,
    log: service?.logFile ?? '',
    handOver: service?.handOver ?? false,
    selfRenewal: service?.selfRenewal ?? false,
  }
}

function inputOf(draft: ReturnType<typeof draftOf>) {
  const reload = draft.reload.split('\n').filter(line => line !== '')
  return {
    name: draft.name.trim(),
    address: draft.address.trim(),
    ...(draft.subdomain.trim() !== '' && { subdomain: draft.subdomain.trim() }),
    logFile: draft.log.trim() === '' ? null : draft.log.trim(),
    ...(draft.authType === 'basic' && {
      host: draft.host.trim(),
      htpasswdFile: draft.file.trim(),
      reload: reload.length === 0 ? null : reload,
      expiryDays: draft.days === '' ? null : Number(draft.days),
      warnDays: Number(draft.warn) || 0,
      handOver: draft.handOver,
      selfRenewal: draft.selfRenewal,
    }),
  }
}
