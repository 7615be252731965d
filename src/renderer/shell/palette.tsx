import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import {
  type Icon,
  IconFileImport,
  IconHandStop,
  IconLock,
  IconLogout,
  IconMoon,
  IconPlus,
  IconShieldLock,
  IconSpeakerphone,
  IconSun,
  IconUser,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useRead } from '../api.ts'
import { SECTIONS } from '../pages/admin/sections.ts'
import { useSession, useUser } from '../session.tsx'
import { transport } from '../transport/index.ts'
import type { PageEntry } from './pages.tsx'

/** From so many letters on people and campaigns are looked for as well. */
const LEAST_LETTERS = 2
/** How long nothing was typed before the hub is asked, in ms. */
const TYPING_MS = 150
const PEOPLE = 5
/** Older campaigns are found on their own screen. */
const CAMPAIGNS = 100

/** Ctrl+K: goes to a screen, a contact or a campaign, or does what needs no screen. */
export function Palette({ pages }: { readonly pages: readonly PageEntry[] }) {
  const [query, setQuery] = useState('')
  const groups = [usePlaces(pages, query), useCommands(), useCampaigns(query), useContacts(query)]
  return (
    <Spotlight
      shortcut={['mod + K']}
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing is called that."
      highlightQuery
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': 'Palette' } }}
      searchProps={{
        placeholder: 'A screen, a contact, a campaign, or what to do',
        'aria-label': 'Search and commands',
      }}
      actions={groups.filter(group => group.actions.length > 0)}
    />
  )
}

function usePlaces(pages: readonly PageEntry[], query: string): SpotlightActionGroupData {
  const [, go] = useLocation()
  const { role } = useUser()
  const sections = SECTIONS.map(({ key, title, words }) => ({
    path: `/admin/${key}`,
    title,
    words,
    icon: IconShieldLock,
  }))
  return {
    group: 'Screens',
    actions: [...pages, ...(role === 'admin' && query.trim() !== '' ? sections : [])].map(
      ({ path, title, words, icon }) =>
        entry({ id: path, label: title, keywords: words, icon, onClick: () => go(path) }),
    ),
  }
}

function useCommands(): SpotlightActionGroupData {
  const [, go] = useLocation()
  const { refresh } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const isDark = colorScheme === 'dark'
  const window = globalThis.window.connector
  return {
    group: 'Commands',
    actions: [
      entry({
        ...{ id: 'new-campaign', label: 'Write a campaign', keywords: 'new create draft message' },
        ...{ icon: IconPlus, onClick: () => go('/campaigns/new') },
      }),
      entry({
        ...{ id: 'new-import', label: 'Import a list', keywords: 'new csv upload file spreadsheet' },
        ...{ icon: IconFileImport, onClick: () => go('/imports/new') },
      }),
      entry({
        ...{ id: 'new-contact', label: 'Add a contact', keywords: 'new create person number' },
        ...{ icon: IconPlus, onClick: () => go('/contacts/new') },
      }),
      entry({
        ...{ id: 'decide', label: 'Decide on likely opt-outs', keywords: 'review queue stop' },
        ...{ icon: IconHandStop, onClick: () => go('/inbox/review') },
      }),
      entry({
        ...{ id: 'scheme', label: isDark ? 'Light colours' : 'Dark colours', keywords: 'theme mode dark light' },
        ...{ icon: isDark ? IconSun : IconMoon, onClick: () => setColorScheme(isDark ? 'light' : 'dark') },
      }),
      ...(window
        ? [
            entry({
              ...{ id: 'lock', label: 'Lock', keywords: 'leave screen password' },
              ...{ icon: IconLock, onClick: () => void window.session.lock() },
            }),
          ]
        : []),
      entry({
        ...{ id: 'sign-out', label: 'Sign out', keywords: 'log out leave' },
        icon: IconLogout,
        onClick: () => void transport.session.signOut().then(refresh),
      }),
    ],
  }
}

function useCampaigns(query: string): SpotlightActionGroupData {
  const [, go] = useLocation()
  const { data } = useRead('campaigns.list', { limit: CAMPAIGNS }, { enabled: query.trim().length >= LEAST_LETTERS })
  const items = query.trim().length >= LEAST_LETTERS ? (data?.items ?? []) : []
  return {
    group: 'Campaigns',
    actions: items.map(({ id, name, state }) =>
      entry({
        ...{ id: `campaign-${id}`, label: name, description: state, icon: IconSpeakerphone },
        onClick: () => go(`/campaigns/${id}`),
      }),
    ),
  }
}

function useContacts(query: string): SpotlightActionGroupData {
  const [, go] = useLocation()
  const [search] = useDebouncedValue(query.trim(), TYPING_MS)
  const isAsked = search.length >= LEAST_LETTERS
  const { data } = useRead('contacts.search', { search, limit: PEOPLE }, { enabled: isAsked })
  return {
    group: 'Contacts',
    actions: (isAsked ? (data?.items ?? []) : []).map(({ id, number, firstName, lastName }) =>
      entry({
        ...{
          id: `contact-${id}`,
          label: `${firstName} ${lastName}`.trim() || number,
          description: number,
          icon: IconUser,
        },
        // The hub has found them, also by what does not stand here.
        keywords: query,
        onClick: () => go(`/contacts/${id}`),
      }),
    ),
  }
}

function entry({ icon: Picture, ...action }: SpotlightActionData & { readonly icon: Icon }): SpotlightActionData {
  return { ...action, leftSection: <Picture size={18} stroke={1.6} aria-hidden /> }
}
