import { Group, Switch, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../../api.ts'
import { WholeNumber } from '../../components/whole-number.tsx'
import { FailureFields } from '../admin/failure-fields.tsx'
import { Section, type SectionProps } from '../admin/settings-section.tsx'
import { ReloadField, reloadOf, reloadText } from './reload-field.tsx'

/** Where people see their own credentials. */
export function PersonalPageSettings({ settings }: SectionProps) {
  const [personalPage, setPage] = useState(settings.personalPage)
  const { data } = useRead('friends.list', {})
  const set = (changes: Partial<typeof personalPage>) => setPage({ ...personalPage, ...changes })
  const state = data?.page
  return (
    <Section title="Personal page" change={{ personalPage }}>
      {fields => (
        <>
          <Switch
            label="Let people see their own credentials"
            description="By a private link, on a listener of its own for your proxy."
            checked={personalPage.enabled}
            onChange={event => set({ enabled: event.currentTarget.checked })}
          />
          <TextInput
            label="Address for people"
            description="Where your proxy serves it. It begins their links."
            placeholder="https://access.example.org"
            value={personalPage.address}
            onChange={event => set({ address: event.currentTarget.value })}
            error={fields['personalPage.address']}
          />
          <Group grow align="flex-start">
            <TextInput
              label="Listens on"
              value={personalPage.host}
              onChange={event => set({ host: event.currentTarget.value })}
              error={fields['personalPage.host']}
            />
            <WholeNumber
              label="Port"
              min={0}
              max={65_535}
              value={personalPage.port}
              onChange={port => set({ port })}
              error={fields['personalPage.port']}
            />
          </Group>
          <TagsInput
            label="Proxies on other computers"
            description="Their IP addresses."
            value={personalPage.proxies}
            onChange={proxies => set({ proxies })}
            error={fields['personalPage.proxies']}
          />
          {state?.listening && (
            <Text size="sm" c="dimmed">
              It listens on {state.listening}.
            </Text>
          )}
          {state && state.problem !== '' && (
            <Text size="sm" c="red.9" role="alert">
              {state.problem}
            </Text>
          )}
        </>
      )}
    </Section>
  )
}

/** The built-in counter of refused credentials, and how the proxy hears of it. */
export function BanSettings({ settings }: SectionProps) {
  const [bans, setBans] = useState(settings.accessBans)
  const [reload, setReload] = useState(reloadText(settings.accessBans.reload))
  return (
    <Section title="Refused credentials of services" change={{ accessBans: { ...bans, reload: reloadOf(reload) } }}>
      {fields => (
        <>
          <FailureFields
            value={bans}
            onChange={setBans}
            end={{ field: 'banMinutes', label: 'ban for (min)', max: 10_080 }}
            errors={field => fields[`accessBans.${field}`]}
          />
          <TextInput
            label="File of banned addresses"
            description="nginx includes it. Empty: the proxy is not told; leave it to fail2ban."
            placeholder="/srv/htpasswd/deny.conf"
            value={bans.denyFile}
            onChange={event => setBans({ ...bans, denyFile: event.currentTarget.value })}
            error={fields['accessBans.denyFile']}
          />
          <ReloadField
            label="Reload command for it"
            description="One argument a line; no shell reads it."
            value={reload}
            onChange={event => setReload(event.currentTarget.value)}
            error={fields['accessBans.reload']}
          />
        </>
      )}
    </Section>
  )
}
