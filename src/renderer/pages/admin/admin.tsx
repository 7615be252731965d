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
import { SECTIONS, type SectionKey } from './sections.ts'
import { Settings } from './settings.tsx'
import { SystemHealth } from './system.tsx'
import { Users } from './users.tsx'
import { Webhooks } from './webhooks.tsx'

const CONTENTS: Readonly<Record<SectionKey, ComponentType>> = {
  users: Users,
  access: Access,
  keys: Keys,
  people: People,
  services: Services,
  'opt-outs': OptOuts,
  rules: Rules,
  privacy: Privacy,
  webhooks: Webhooks,
  audit: Audit,
  settings: Settings,
  system: SystemHealth,
}

/** Everything that only an administrator may do. */
export function Admin() {
  const { '*': section = '' } = useParams()
  const [, go] = useLocation()
  const present = SECTIONS.find(one => one.key === section) ?? SECTIONS[0]
  const Content = CONTENTS[present.key]
  return (
    <Page title="Administration">
      <Tabs value={present.key} onChange={key => key && go(`/admin/${key}`)} keepMounted={false} variant="pills">
        <Tabs.List mb="lg">
          {SECTIONS.map(({ key, title }) => (
            <Tabs.Tab key={key} value={key}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={present.key}>
          <Suspense>
            <Content />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
