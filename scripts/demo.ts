/**
 * The main job from end to end, without a phone: starts a hub in a temporary folder, a simulated phone with the real
 * agent, imports a list, runs a campaign, takes replies in, and reports.
 */
import { parseArgs } from 'node:util'
import { runDemo } from './demo/run.ts'

const HELP = `npm run demo -- [options]

  --contacts FILE      the list to import (default: resources/samples/contacts.csv)
  --country CC         country of numbers without one (default: US)
  --template TEXT      the text, with fields such as {{ first_name | default: "there" }}
  --allow-landlines    also text numbers that are landlines
  --json               one JSON object as the last line of standard output
  --keep               keep the folder with database and simulated phones, and say where it is
  --help               this text`

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: 'resources/samples/contacts.csv' },
    country: { type: 'string', default: 'US' },
    template: {
      type: 'string',
      default:
        'Hi {{ first_name | default: "there" }}, our spring market opens on Saturday at 9. Reply STOP to opt out.',
    },
    'allow-landlines': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(HELP)
} else {
  process.exitCode = await runDemo({
    contacts: values.contacts,
    country: values.country,
    template: values.template,
    allowLandlines: values['allow-landlines'],
    json: values.json,
    keep: values.keep,
  })
}
