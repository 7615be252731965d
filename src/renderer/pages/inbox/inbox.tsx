import { Button, Kbd } from '@mantine/core'
import { IconMessages, IconSearch } from '@tabler/icons-react'
import { Link, Route, Switch, useRoute } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { KeysDialog, useTriageKeys } from './keys.tsx'
import { Mentions } from './mentions.tsx'
import { AssignDialog, SnoozeDialog } from './move-dialogs.tsx'
import { OptOutDialog } from './opt-out.tsx'
import { ReviewQueue } from './review-queue.tsx'
import { Said } from './said.tsx'
import { Thread } from './thread.tsx'
import { ThreadList } from './thread-list.tsx'
import { TriageProvider, useTriage } from './triage.tsx'
import './inbox.css'

/** All that was said with people: threads at the side, one of them open. */
export function Inbox() {
  const [isThread, found] = useRoute('/inbox/:id/:entry?')
  const id = isThread && /^\d+$/.test(found.id) ? Number(found.id) : null
  return (
    <TriageProvider openId={id}>
      <Panes />
    </TriageProvider>
  )
}

function Panes() {
  const { ask } = useTriage()
  useTriageKeys()
  return (
    <Page
      title="Inbox"
      fill
      actions={
        <>
          <Button
            component={Link}
            href="/inbox/search"
            variant="default"
            leftSection={<IconSearch size={16} aria-hidden />}
          >
            Search what was said
          </Button>
          <Button variant="default" onClick={() => ask('keys')} rightSection={<Kbd size="xs">?</Kbd>}>
            Keys
          </Button>
        </>
      }
    >
      <div className="inbox">
        <ThreadList />
        <section aria-label="Thread">
          <Switch>
            <Route path="/inbox/review">
              <ReviewQueue />
            </Route>
            <Route path="/inbox/mentions">
              <Mentions />
            </Route>
            <Route path="/inbox/search">
              <Said />
            </Route>
            <Route path="/inbox/:id/:entry?">
              {({ id, entry }) => <Thread key={id} id={Number(id)} entry={entry?.replace('-', ' ')} />}
            </Route>
            <Route>
              <Empty icon={IconMessages} title="No thread is open">
                Choose one at the side, or press j for the first one. New texts appear there by themselves.
              </Empty>
            </Route>
          </Switch>
        </section>
      </div>
      <Dialogs />
    </Page>
  )
}

/** What is asked before something is done with the open thread. */
function Dialogs() {
  const { asking, ask, open } = useTriage()
  const close = (): void => ask(null)
  if (asking === 'keys') return <KeysDialog onClose={close} />
  if (!open) return null
  if (asking === 'snooze') return <SnoozeDialog thread={open} onClose={close} />
  if (asking === 'assign') return <AssignDialog thread={open} onClose={close} />
  return <OptOutDialog key={open.number} number={open.number} opened={asking === 'opt-out'} onClose={close} />
}
