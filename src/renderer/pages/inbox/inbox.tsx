import { IconMessages } from '@tabler/icons-react'
import { Route, Switch } from 'wouter'
import { Empty } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { ReviewQueue } from './review-queue.tsx'
import { Thread } from './thread.tsx'
import { ThreadList } from './thread-list.tsx'
import './inbox.css'

/** All that was said with people: threads at the side, one of them open. */
export function Inbox() {
  return (
    <Page title="Inbox" fill>
      <div className="inbox">
        <ThreadList />
        <section aria-label="Thread">
          <Switch>
            <Route path="/inbox/review">
              <ReviewQueue />
            </Route>
            <Route path="/inbox/:id">{({ id }) => <Thread key={id} id={Number(id)} />}</Route>
            <Route>
              <Empty icon={IconMessages} title="No thread is open">
                Choose one at the side. New texts appear there by themselves.
              </Empty>
            </Route>
          </Switch>
        </section>
      </div>
    </Page>
  )
}
