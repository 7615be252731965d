import { Route, Switch } from 'wouter'
import { History } from './history.tsx'
import { ImportReport } from './report.tsx'
import { Wizard } from './wizard.tsx'

/** Imports: what was imported, a new one, and the report of each. */
export function Imports() {
  return (
    <Switch>
      <Route path="/imports/new/:upload?">{({ upload }) => <Wizard key={upload} upload={upload ?? null} />}</Route>
      <Route path="/imports/:id">{({ id }) => <ImportReport key={id} id={Number(id)} />}</Route>
      <Route>
        <History />
      </Route>
    </Switch>
  )
}
