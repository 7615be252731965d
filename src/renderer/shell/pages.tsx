import { type Icon, IconAddressBook } from '@tabler/icons-react'
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
    path: '/account',
    title: 'Your account',
    words: 'password sessions sign out',
    icon: IconAddressBook,
    hidden: true,
    page: lazy(() => import('../pages/account/account.tsx').then(({ Account }) => ({ default: Account }))),
  },
]
