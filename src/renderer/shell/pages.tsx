import {
  type Icon,
  IconChartBar,
  IconDeviceMobile,
  IconFileImport,
  IconHandStop,
  IconHistory,
  IconInbox,
  IconLayoutDashboard,
  IconShieldLock,
  IconSpeakerphone,
  IconUser,
  IconUsers,
} from '@tabler/icons-react'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { Role } from '../../shared/operations/define.ts'

export interface PageEntry {
  /** Paths below it belong to it too. */
  readonly path: string
  readonly title: string
  /** Words by which the palette finds it, besides its title. */
  readonly words: string
  readonly icon: Icon
  readonly page: LazyExoticComponent<ComponentType>
  /** Who sees it; everybody where it is left out. */
  readonly role?: Role
  /** Left out of the menu; the palette and links lead there. */
  readonly hidden?: boolean
}

/** Every screen of the application, in the order of the menu. */
export const PAGES: readonly PageEntry[] = [
  {
    path: '/overview',
    title: 'Overview',
    words: 'home dashboard now running today first steps',
    icon: IconLayoutDashboard,
    page: lazy(() => import('../pages/overview/overview.tsx').then(({ Overview }) => ({ default: Overview }))),
  },
  {
    path: '/campaigns',
    title: 'Campaigns',
    words: 'campaign send text message schedule review draft',
    icon: IconSpeakerphone,
    page: lazy(() => import('../pages/campaigns/campaigns.tsx').then(({ Campaigns }) => ({ default: Campaigns }))),
  },
  {
    path: '/inbox',
    title: 'Inbox',
    words: 'replies threads conversations answer unread opt-out review',
    icon: IconInbox,
    page: lazy(() => import('../pages/inbox/inbox.tsx').then(({ Inbox }) => ({ default: Inbox }))),
  },
  {
    path: '/contacts',
    title: 'Contacts',
    words: 'people numbers list tag segment search merge export consent',
    icon: IconUsers,
    page: lazy(() => import('../pages/contacts/contacts.tsx').then(({ Contacts }) => ({ default: Contacts }))),
  },
  {
    path: '/imports',
    title: 'Imports',
    words: 'import list csv file upload spreadsheet rejected undo',
    icon: IconFileImport,
    page: lazy(() => import('../pages/imports/imports.tsx').then(({ Imports }) => ({ default: Imports }))),
  },
  {
    path: '/reports',
    title: 'Reports',
    words: 'results figures statistics charts reply rate opt-out rate failures reasons csv analytics',
    icon: IconChartBar,
    page: lazy(() => import('../pages/reports/reports.tsx').then(({ Reports }) => ({ default: Reports }))),
  },
  {
    path: '/phones',
    title: 'Phones',
    words: 'pair sim battery limits doctor link network',
    icon: IconDeviceMobile,
    page: lazy(() => import('../pages/phones/phones.tsx').then(({ Phones }) => ({ default: Phones }))),
  },
  {
    path: '/suppression',
    title: 'Suppression list',
    words: 'opt-out stop block do not text',
    icon: IconHandStop,
    page: lazy(() =>
      import('../pages/suppression/suppression.tsx').then(({ Suppression }) => ({ default: Suppression })),
    ),
  },
  {
    path: '/admin',
    title: 'Administration',
    words: 'admin',
    icon: IconShieldLock,
    role: 'admin',
    page: lazy(() => import('../pages/admin/admin.tsx').then(({ Admin }) => ({ default: Admin }))),
  },
  {
    path: '/changes',
    title: 'Recent changes',
    words: 'undo bring back deleted list segment draft tag mistake history',
    icon: IconHistory,
    hidden: true,
    page: lazy(() => import('../pages/changes/changes.tsx').then(({ Changes }) => ({ default: Changes }))),
  },
  {
    path: '/account',
    title: 'Your account',
    words: 'password sessions sign out',
    icon: IconUser,
    hidden: true,
    page: lazy(() => import('../pages/account/account.tsx').then(({ Account }) => ({ default: Account }))),
  },
]
