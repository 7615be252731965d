import { Tabs } from '@mantine/core'
import { type ComponentType, Suspense } from 'react'
import { useLocation, useParams } from 'wouter'
import { Page } from '../../components/page.tsx'
import { People } from '../access/people.tsx'
import { Services } from '../access/services.tsx'
import { Access } from './access.tsx'
import { Audit } from './audit.tsx'
import { Keys } from './keys.tsx'
import { OptOuts } from './opt-outs.tsx'
import { Privacy } from './privacy.tsx'
import { Rules } from './rules.tsx'
import { Settings } from './settings.tsx'
import { SystemHealth } from './system.tsx'
import { Users } from './users.tsx'
import { Webhooks } from './webhooks.tsx'

const SECTIONS: readonly { readonly key: string; readonly title: string; readonly content: ComponentType }[] = [
  { key: 'users', title: 'Users', content: Users },
  { key: 'people', title: 'People', content: People },
  { key: 'services', title: 'Services', content: Services },
  { key: 'access', title: 'Sign-ins', content: Access },
  { key: 'keys', title: 'API keys', content: Keys },
  { key: 'webhooks', title: 'Webhooks', content: Webhooks },
  { key: 'audit', title: 'Audit log', content: Audit },
  { key: 'opt-outs', title: 'Opt-out words', content: OptOuts },
  { key: 'rules', title: 'Rules', content: Rules },
  { key: 'privacy', title: 'Privacy', content: Privacy },
  { key: 'settings', title: 'Settings', content: Settings },
  { key: 'system', title: 'System', content: SystemHealth },
]

/** Everything that only an administrator may do. */
export function Admin() {
  const { '*': section = '' } = useParams()
  const [, go] = useLocation()
  const present = SECTIONS.find(one => one.key === section) ?? SECTIONS[0]!
  return (
    <Page title="Administration">
      <Tabs value={present.key} onChange={key => key && go(`/admin/${key}`)} keepMounted={false}>
        <Tabs.List mb="lg">
          {SECTIONS.map(({ key, title }) => (
            <Tabs.Tab key={key} value={key}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {SECTIONS.map(({ key, content: Content }) => (
          <Tabs.Panel key={key} value={key}>
            <Suspense>
              <Content />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
