import { Grid, Skeleton, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../../api.ts'
import { CountrySelect } from '../../components/country-select.tsx'
import { Problem } from '../../components/problem.tsx'
import { WholeNumber } from '../../components/whole-number.tsx'
import { BanSettings, PersonalPageSettings } from '../access/settings-cards.tsx'
import { hoursDraft, hoursOf } from '../campaigns/draft.ts'
import { HoursFields } from '../campaigns/hours-fields.tsx'
import { FailureFields } from './failure-fields.tsx'
import { Logo } from './logo.tsx'
import { Section, type SectionProps } from './settings-section.tsx'

/** What holds for everybody. Each card is saved by itself. */
export function Settings() {
  const { data, error, refetch } = useRead('settings.get', {})
  if (!data) return error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={240} />
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap="xl">
          <Organisation settings={data} />
          <AllowedHours settings={data} />
          <Replies settings={data} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap="xl">
          <Answers settings={data} />
          <Lockout settings={data} />
          <PersonalPageSettings settings={data} />
          <BanSettings settings={data} />
          <BackupSettings settings={data} />
          {window.connector && <WindowSettings settings={data} />}
        </Stack>
      </Grid.Col>
    </Grid>
  )
}

function Organisation({ settings }: SectionProps) {
  const [organisation, setOrganisation] = useState(settings.organisation)
  const [country, setCountry] = useState<string | null>(settings.defaultCountry)
  return (
    <Section title="Organisation" change={country === null ? null : { organisation, defaultCountry: country }}>
      {fields => (
        <>
          <TextInput
            label="Name"
            description="Shown where people sign in, and in the answers to STOP, START and HELP."
            value={organisation}
            onChange={event => setOrganisation(event.currentTarget.value)}
            maxLength={120}
            error={fields['organisation']}
          />
          <Logo />
          <CountrySelect
            label="Country"
            description="Of numbers that are written without one."
            value={country}
            onChange={setCountry}
            allowDeselect={false}
            error={fields['defaultCountry']}
          />
        </>
      )}
    </Section>
  )
}

function AllowedHours({ settings }: SectionProps) {
  const [draft, setDraft] = useState(hoursDraft(settings.hours))
  const hours = hoursOf(draft)
  return (
    <Section title="Allowed hours" change={typeof hours === 'string' ? null : { hours }}>
      {() => (
        <HoursFields
          description="By the clock of each recipient, for campaigns that have none of their own. Many countries have laws about it."
          value={draft}
          problem={typeof hours === 'string' ? hours : undefined}
          onChange={setDraft}
        />
      )}
    </Section>
  )
}

function Replies({ settings }: SectionProps) {
  const [takeAllTexts, setTakeAll] = useState(settings.takeAllTexts)
  return (
    <Section title="What comes in" change={{ takeAllTexts }}>
      {() => (
        <Switch
          label="Take in every text of the phones"
          description="Otherwise only those of contacts and of people who were texted."
          checked={takeAllTexts}
          onChange={event => setTakeAll(event.currentTarget.checked)}
        />
      )}
    </Section>
  )
}

function Answers({ settings }: SectionProps) {
  const [texts, setTexts] = useState(settings.texts)
  const kinds = [
    ['stop', 'After STOP', 'The one confirmation. It goes out at any hour.'],
    ['start', 'After START', 'To people who opt in again.'],
    ['help', 'After HELP', 'Say who you are and how people reach you.'],
  ] as const
  const isWhole = kinds.every(([kind]) => texts[kind].trim() !== '')
  return (
    <Section title="Answers by themselves" change={isWhole ? { texts } : null}>
      {fields =>
        kinds.map(([kind, label, description]) => (
          <Textarea
            key={kind}
            label={label}
            description={description}
            autosize
            minRows={2}
            maxLength={300}
            value={texts[kind]}
            onChange={event => setTexts({ ...texts, [kind]: event.currentTarget.value })}
            error={texts[kind].trim() === '' ? 'This has to say something.' : fields[`texts.${kind}`]}
          />
        ))
      }
    </Section>
  )
}

function Lockout({ settings }: SectionProps) {
  const [lockout, setLockout] = useState(settings.lockout)
  return (
    <Section title="Wrong passwords" change={{ lockout }}>
      {fields => (
        <FailureFields
          value={lockout}
          onChange={setLockout}
          end={{ field: 'lockMinutes', label: 'lock for (min)', max: 1440 }}
          errors={field => fields[`lockout.${field}`]}
        />
      )}
    </Section>
  )
}

function BackupSettings({ settings }: SectionProps) {
  const [backups, setBackups] = useState(settings.backups)
  return (
    <Section title="Backups" change={{ backups }}>
      {fields => (
        <>
          <Switch
            label="Make one every day"
            checked={backups.daily}
            onChange={event => setBackups({ ...backups, daily: event.currentTarget.checked })}
          />
          <WholeNumber
            label="Keep so many"
            min={1}
            max={365}
            value={backups.keep}
            onChange={keep => setBackups({ ...backups, keep })}
            error={fields['backups.keep']}
          />
        </>
      )}
    </Section>
  )
}

/** What protects at this computer, whoever is signed in there. What a person likes stands in their account. */
function WindowSettings({ settings }: SectionProps) {
  const [chosen, setChosen] = useState(settings.window)
  return (
    <Section title="Window" change={{ window: chosen }}>
      {fields => (
        <>
          <WholeNumber
            label="Lock after so many minutes without anybody"
            description="Then it asks for the password; campaigns go on. 0: only by hand."
            min={0}
            max={1440}
            value={chosen.lockAfterMinutes}
            onChange={lockAfterMinutes => setChosen({ ...chosen, lockAfterMinutes })}
            error={fields['window.lockAfterMinutes']}
          />
          <Switch
            label="Allow notifications of the desktop"
            description="Each computer can switch them off for itself."
            checked={chosen.notifications}
            onChange={event => setChosen({ ...chosen, notifications: event.currentTarget.checked })}
          />
          <Switch
            label="Show in them who wrote and what"
            description="Everybody near the screen can read it, also while the window is locked."
            disabled={!chosen.notifications}
            checked={chosen.notificationTexts}
            onChange={event => setChosen({ ...chosen, notificationTexts: event.currentTarget.checked })}
          />
        </>
      )}
    </Section>
  )
}
