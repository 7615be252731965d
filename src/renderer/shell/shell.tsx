import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Center,
  Group,
  Kbd,
  Loader,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useOs } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { openSpotlight } from '@mantine/spotlight'
import { IconDeviceDesktop, IconLock, IconLogout, IconMoon, IconSearch, IconSun, IconUser } from '@tabler/icons-react'
import { Suspense, useCallback } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import type { PageEvent } from '../../shared/bridge.ts'
import { call, useHubEvents } from '../api.ts'
import { BrandMark } from '../brand.tsx'
import { Unbroken } from '../components/broken.tsx'
import { linkTitle } from '../lib/link.ts'
import { useSession, useUser } from '../session.tsx'
import { transport } from '../transport/index.ts'
import { useUnread } from '../unread.ts'
import { PAGES, type PageEntry } from './pages.tsx'
import { Palette } from './palette.tsx'

/** Menu, head and the page that is open. */
export function Shell() {
  const user = useUser()
  const { refresh } = useSession()
  const [path, go] = useLocation()
  const [opened, { toggle, close }] = useDisclosure(false)
  const onEvent = useCallback(
    (event: PageEvent) => {
      if (event.type === 'session') void refresh()
      if (event.type === 'open') go(event.path)
      if (event.type === 'link') void tellLink()
    },
    [refresh, go],
  )
  useHubEvents(onEvent)
  const unread = useUnread()
  const pages = PAGES.filter(page => page.role === undefined || page.role === user.role)
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      styles={{ main: { height: '100dvh', overflow: 'hidden' } }}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
            <BrandMark size="head" />
          </Group>
          <SearchButton />
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Screens">
        <ScrollArea>
          {pages
            .filter(page => !page.hidden)
            .map(page => (
              <MenuLink
                key={page.path}
                page={page}
                active={isAt(path, page.path)}
                unread={page.path === '/inbox' ? unread : 0}
                onClick={close}
              />
            ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Unbroken place={path}>
          <Suspense fallback={<Waiting />}>
            <Switch>
              {pages.map(page => (
                <Route key={page.path} path={`${page.path}/*?`} component={page.page} />
              ))}
              <Route>
                <Redirect to={pages[0]!.path} replace />
              </Route>
            </Switch>
          </Suspense>
        </Unbroken>
      </AppShell.Main>
      <Palette pages={pages} />
    </AppShell>
  )
}

/** How long is told that the link stays where it was, in ms; the screen of the phones goes on saying it. */
const STAYED_MS = 20_000

/** Whatever page is open: without its link no phone sends anything. */
async function tellLink(): Promise<void> {
  // Where the hub itself cannot be reached, the screens say so.
  const status = await call('system.status', {}).catch(() => null)
  if (status === null) return
  const { link, linkProblem } = status
  notifications.hide('link')
  if (linkProblem !== null) {
    notifications.show({
      id: 'link',
      color: 'orange',
      title: linkTitle(status),
      message: linkProblem,
      // As long as nothing can be sent at all it stays.
      autoClose: link === null ? false : STAYED_MS,
    })
  } else if (link) {
    notifications.show({
      id: 'link',
      color: 'teal',
      message: `The phone link listens on ${link.listening.join(', ')}.`,
    })
  }
}

function isAt(path: string, of: string): boolean {
  return path === of || path.startsWith(`${of}/`)
}

function Waiting() {
  return (
    <Center h="100%">
      <Loader aria-label="Loading" />
    </Center>
  )
}

function MenuLink({
  page: { path, title, icon: Picture },
  active,
  unread,
  onClick,
}: {
  readonly page: PageEntry
  readonly active: boolean
  /** How much waits there. */
  readonly unread: number
  readonly onClick: () => void
}) {
  return (
    <NavLink
      href={`#${path}`}
      label={title}
      leftSection={<Picture size={18} stroke={1.6} aria-hidden />}
      rightSection={
        unread > 0 && (
          <Badge size="sm" variant="filled" circle={unread < 10} aria-label={`${unread} unread`}>
            {unread > 999 ? '999+' : unread}
          </Badge>
        )
      }
      active={active}
      aria-current={active ? 'page' : undefined}
      onClick={onClick}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  )
}

function SearchButton() {
  const os = useOs()
  return (
    <UnstyledButton onClick={openSpotlight} visibleFrom="xs">
      <Group
        gap="xs"
        px="sm"
        py={5}
        w={320}
        maw="40vw"
        justify="space-between"
        wrap="nowrap"
        style={{ border: '1px solid var(--mantine-color-default-border)', borderRadius: 'var(--mantine-radius-md)' }}
      >
        <Group gap="xs" wrap="nowrap">
          <IconSearch size={16} stroke={1.6} aria-hidden />
          <Text size="sm" c="dimmed">
            Search
          </Text>
        </Group>
        <Kbd size="xs">{os === 'macos' ? '⌘ K' : 'Ctrl K'}</Kbd>
      </Group>
    </UnstyledButton>
  )
}

function UserMenu() {
  const user = useUser()
  const { refresh } = useSession()
  const [, go] = useLocation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = [
    ['light', 'Light', IconSun],
    ['dark', 'Dark', IconMoon],
    ['auto', 'As the system', IconDeviceDesktop],
  ] as const
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" radius="xl" aria-label={`Menu of ${user.fullName || user.username}`}>
          <IconUser size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.fullName || user.username}</Menu.Label>
        <Menu.Item leftSection={<IconUser size={16} aria-hidden />} onClick={() => go('/account')}>
          Your account
        </Menu.Item>
        <Menu.Divider />
        {schemes.map(([value, label, Picture]) => (
          <Menu.Item
            key={value}
            leftSection={<Picture size={16} aria-hidden />}
            onClick={() => setColorScheme(value)}
            fw={colorScheme === value ? 600 : undefined}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {window.connector && (
          <Menu.Item
            leftSection={<IconLock size={16} aria-hidden />}
            onClick={() => void window.connector!.session.lock()}
          >
            Lock
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={async () => {
            await transport.session.signOut()
            await refresh()
          }}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
