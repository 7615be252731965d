import { Route, Switch } from 'wouter'
import { EditCampaign, NewCampaign } from './editor.tsx'
import { CampaignList } from './list.tsx'
import { ReviewCampaign } from './review.tsx'
import { CampaignView } from './view.tsx'

/** Campaigns: the list, writing one, its review, and how it goes. */
export function Campaigns() {
  return (
    <Switch>
      <Route path="/campaigns/new">
        <NewCampaign />
      </Route>
      <Route path="/campaigns/:id/edit">{({ id }) => <EditCampaign key={id} id={Number(id)} />}</Route>
      <Route path="/campaigns/:id/review">{({ id }) => <ReviewCampaign key={id} id={Number(id)} />}</Route>
      <Route path="/campaigns/:id">{({ id }) => <CampaignView key={id} id={Number(id)} />}</Route>
      <Route>
        <CampaignList />
      </Route>
    </Switch>
  )
}
