import { Journal } from '../../../phone-agent/src/journal.ts'

/** Appends to the journal in the folder of its argument, and prints the number of each entry that is synced. */
const [dir = '', fresh] = process.argv.slice(2)
const options = { now: () => Date.now(), onLine: () => {}, segmentBytes: 4000 }
const journal = fresh ? Journal.create(dir, options) : Journal.open(dir, options)
for (;;) {
  await Promise.all(
    Array.from({ length: 5 }, () =>
      journal.append([{ entry: { type: 'denied', id: 'm', assignment: 1 } }, { note: { type: 'resumed', slot: 0 } }]),
    ),
  )
  process.stdout.write(`${journal.lastSeq}\n`)
}
