import { type Command, Option } from 'commander'
import { type OptOutWord, WORD_ACTS, WORD_PLACES, type WordAct } from '../../shared/operations/opt-outs.ts'
import { examples, withSession } from './command.ts'
import { listIdNamed } from './lists.ts'
import { anId } from './options.ts'
import { pairs, table } from './print.ts'

export function addOptOuts(program: Command): void {
  const optOuts = program.command('opt-outs').description('which words and phrases are an opt-out')
  examples(optOuts, [
    ['opt-outs add "ya basta"', 'this text opts out from now on'],
    [
      'opt-outs add "no ads" --within --act review --list Spring',
      'held for review when somebody of the list writes it',
    ],
    ['opt-outs add remove --act ignore', 'a built-in word that means something else to your people'],
    ['opt-outs try "take me off this"', 'what a text would do, and why'],
  ])
  optOuts
    .command('words')
    .description('your own words, and the built-in ones')
    .action(
      withSession(async session => {
        const data = await session.do('optouts.words', {})
        const builtIn = data.builtIn.map(({ word, law }) => (law ? `${word} (law)` : word)).join(', ')
        return {
          data,
          text: () =>
            `${data.words.length === 0 ? 'There is no word of your own.' : wordsText(data.words)}\n\nBuilt in: ${builtIn}`,
        }
      }),
    )
  optOuts
    .command('add')
    .description('add a word or a phrase')
    .argument('<phrase>', 'compared without case, accents and punctuation')
    .addOption(
      new Option('--act <act>', 'stop: at once; review: held until somebody decides; ignore: no opt-out')
        .choices(WORD_ACTS)
        .default('stop'),
    )
    .option('--within', 'anywhere in the text, and not only as the whole of it')
    .option('--list <name>', 'only for people on this list')
    .action(
      withSession<[string], { act: WordAct; within?: boolean; list?: string }>(
        async (session, [phrase], { act, within, list }) => {
          const data = await session.do('optouts.add-word', {
            ...{ phrase, act, place: within ? WORD_PLACES[1] : WORD_PLACES[0] },
            listId: list === undefined ? null : await listIdNamed(session, list),
          })
          return { data, text: () => wordsText([data]) }
        },
      ),
    )
  optOuts
    .command('remove')
    .description('take a word of your own away')
    .argument('<word>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [id]) => ({
        data: await session.do('optouts.remove-word', { id }),
        text: () => 'Removed. Who has opted out by it stays opted out.',
      })),
    )
  optOuts
    .command('try')
    .description('say what a text would do, and why; nothing happens')
    .argument('<text>', 'what somebody might write')
    .option('--list <name>', 'from somebody on this list')
    .option('--sent <text>', 'what they were texted before, which they may quote')
    .action(
      withSession<[string], { list?: string; sent?: string }>(async (session, [text], { list, sent }) => {
        const listIds = list === undefined ? [] : [await listIdNamed(session, list)]
        const data = await session.do('optouts.try', { text, listIds, ...(sent !== undefined && { sent }) })
        return {
          data,
          text: () =>
            pairs([
              ['it', OUTCOMES[data.intent]],
              ['why', data.why],
            ]),
        }
      }),
    )
}

const OUTCOMES = {
  stop: 'opts out at once',
  stop_likely: 'is held for review',
  start: 'opts back in, if they had opted out',
  help: 'gets the answer to HELP',
  none: 'is no opt-out',
} as const

function wordsText(words: readonly OptOutWord[]): string {
  const rows = words.map(word => [
    ...[word.id, word.phrase, word.act],
    ...[word.place === 'whole' ? 'whole text' : 'anywhere', word.list?.name ?? 'everybody'],
  ])
  return table(['id', 'phrase', 'act', 'where', 'for'], rows)
}
