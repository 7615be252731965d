import {
  Badge,
  Button,
  Group,
  Select,
  Skeleton,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import type { OptOutWord, WordAct } from '../../../shared/operations/opt-outs.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { Pill, type Tone } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { SectionCard } from '../../components/section-card.tsx'

const ACTS: Readonly<Record<WordAct, string>> = {
  stop: 'opts out at once',
  review: 'is held for review',
  ignore: 'is no opt-out',
}
const EVERYBODY = 'everybody'

/** Which words and phrases are an opt-out, for everybody and for lists, and what a text would do. */
export function OptOuts() {
  const { data, error, refetch } = useRead('optouts.words', {})
  const { data: groups } = useRead('lists.list', {})
  const lists = groups?.lists ?? []
  if (!data) return error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={240} />
  return (
    <Stack gap="xl">
      <TryIt lists={lists} />
      <SectionCard title="Your own words">
        <Text size="sm" c="dimmed">
          They add to the built-in words and wordings in sixteen languages. Case, accents, punctuation and emoji make no
          difference.
        </Text>
        <AddWord lists={lists} />
        <Words words={data.words} />
      </SectionCard>
      <SectionCard title="Built-in words">
        <Text size="sm" c="dimmed">
          Each is an opt-out as the whole text. Those that the law names cannot be switched off; another one is, once
          you add it as a word that is no opt-out.
        </Text>
        <Group gap="xs">
          {data.builtIn.map(({ word, law }) => (
            <Badge key={word} variant={law ? 'filled' : 'default'} color="gray.8" tt="none">
              {word}
              {law && ' (law)'}
            </Badge>
          ))}
        </Group>
      </SectionCard>
    </Stack>
  )
}

interface ListProps {
  readonly lists: readonly { readonly id: number; readonly name: string }[]
}

function listChoices(lists: ListProps['lists']) {
  return [
    { value: EVERYBODY, label: 'Everybody' },
    ...lists.map(list => ({ value: String(list.id), label: list.name })),
  ]
}

const OUTCOMES: Readonly<Record<string, { readonly label: string; readonly tone: Tone }>> = {
  stop: { label: 'Opts out at once', tone: 'bad' },
  stop_likely: { label: 'Held for review', tone: 'wait' },
  start: { label: 'Opts back in, if they had opted out', tone: 'good' },
  help: { label: 'Gets the answer to HELP', tone: 'busy' },
  none: { label: 'No opt-out', tone: 'quiet' },
}

function TryIt({ lists }: ListProps) {
  const [text, setText] = useState('')
  const [list, setList] = useState(EVERYBODY)
  const [asked] = useDebouncedValue(text, 250)
  const listIds = list === EVERYBODY ? [] : [Number(list)]
  const { data, error } = useRead('optouts.try', { text: asked, listIds }, { enabled: asked.trim() !== '' })
  const outcome = asked.trim() === '' ? undefined : data && OUTCOMES[data.intent]
  return (
    <SectionCard title="Try it">
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <Textarea
          label="What would this text do?"
          placeholder="please take me off this list"
          autosize
          minRows={1}
          maxLength={2000}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          miw={280}
        />
        <Select
          label="From somebody on the list"
          data={listChoices(lists)}
          value={list}
          onChange={value => setList(value ?? EVERYBODY)}
          allowDeselect={false}
          maw={280}
        />
      </Group>
      <Problem error={error} />
      <div role="status">
        {outcome && data && (
          <Group gap="xs">
            <Pill tone={outcome.tone}>{outcome.label}</Pill>
            <Text size="sm">{data.why}</Text>
          </Group>
        )}
      </div>
    </SectionCard>
  )
}

function AddWord({ lists }: ListProps) {
  const [phrase, setPhrase] = useState('')
  const [act, setAct] = useState<WordAct>('stop')
  const [place, setPlace] = useState<'whole' | 'within'>('whole')
  const [list, setList] = useState(EVERYBODY)
  const add = useChange('optouts.add-word', { onDone: () => setPhrase('') })
  const fields = add.error instanceof ApiError ? add.error.fields : {}
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const listId = list === EVERYBODY ? null : Number(list)
        if (phrase.trim() !== '') {
          add.mutate({ phrase: phrase.trim(), act, place: act === 'ignore' ? 'whole' : place, listId })
        }
      }}
    >
      <Stack gap="sm">
        <Group align="flex-start" wrap="wrap">
          <TextInput
            label="Word or phrase"
            value={phrase}
            maxLength={80}
            onChange={event => setPhrase(event.currentTarget.value)}
            error={fields['phrase']}
            w={240}
          />
          <Select
            label="What it does"
            data={Object.entries(ACTS).map(([value, label]) => ({ value, label }))}
            value={act}
            onChange={value => setAct((value ?? 'stop') as WordAct)}
            allowDeselect={false}
            w={180}
          />
          <Select
            label="Where it stands"
            data={[
              { value: 'whole', label: 'is the whole text' },
              { value: 'within', label: 'anywhere in the text' },
            ]}
            value={act === 'ignore' ? 'whole' : place}
            disabled={act === 'ignore'}
            onChange={value => setPlace((value ?? 'whole') as 'whole' | 'within')}
            allowDeselect={false}
            error={fields['place']}
            w={210}
          />
          <Select
            label="For people on"
            data={listChoices(lists)}
            value={list}
            onChange={value => setList(value ?? EVERYBODY)}
            allowDeselect={false}
            error={fields['listId']}
            w={180}
          />
          <Button type="submit" mt={25} loading={add.isPending} disabled={phrase.trim() === ''}>
            Add
          </Button>
        </Group>
        {Object.keys(fields).length === 0 && <Problem error={add.error} />}
      </Stack>
    </form>
  )
}

function Words({ words }: { readonly words: readonly OptOutWord[] }) {
  const [removing, setRemoving] = useState<OptOutWord | null>(null)
  const remove = useChange('optouts.remove-word', { onDone: () => setRemoving(null) })
  if (words.length === 0) {
    return (
      <Empty icon={IconHandStop} title="No words of your own">
        Add what people here say when they want no more texts, or a built-in word that means something else to them.
      </Empty>
    )
  }
  return (
    <>
      <Table.ScrollContainer minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Word or phrase</Table.Th>
              <Table.Th>What it does</Table.Th>
              <Table.Th>Where</Table.Th>
              <Table.Th>For</Table.Th>
              <Table.Th>
                <VisuallyHidden>What can be done</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {words.map(word => (
              <Table.Tr key={word.id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{word.phrase}</Table.Td>
                <Table.Td>{ACTS[word.act]}</Table.Td>
                <Table.Td>{word.place === 'whole' ? 'whole text' : 'anywhere'}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{word.list?.name ?? 'everybody'}</Table.Td>
                <Table.Td ta="right">
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    onClick={() => setRemoving(word)}
                    aria-label={`Remove ${word.phrase}`}
                  >
                    Remove
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Confirm
        opened={removing !== null}
        title={`Remove “${removing?.phrase ?? ''}”?`}
        action="Remove"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate({ id: removing.id })}
        onClose={() => setRemoving(null)}
      >
        {removing?.act === 'ignore'
          ? 'The text is read as it was before the word was added.'
          : 'Texts with it are read by the built-in words alone. Who has opted out by it stays opted out.'}
      </Confirm>
    </>
  )
}
