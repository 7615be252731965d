import { Autocomplete, Group, NumberInput, Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { RequirableKind } from '../../../shared/consent.ts'
import type { KeywordRule, RuleFits } from '../../../shared/operations/rules.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { counted } from '../../lib/times.ts'

export const FITS: Readonly<Record<RuleFits, string>> = {
  whole: 'The whole text is',
  begins: 'The text begins with',
  within: 'Anywhere in the text',
}

const NEW: Omit<KeywordRule, 'id'> = {
  ...{ name: '', active: true, phrases: [], fits: 'whole', answer: '', tag: '', list: '', notify: false },
  ...{ consent: null, waitMinutes: 0 },
}

/** A new rule, or the change of one. */
export function RuleForm({ rule, onClose }: { readonly rule: KeywordRule | null; readonly onClose: () => void }) {
  const { data: groups } = useRead('lists.list', {})
  const [draft, setDraft] = useState<Omit<KeywordRule, 'id'>>(() => {
    const { id: _id, ...given } = rule ?? { id: 0, ...NEW }
    return given
  })
  const create = useChange('rules.create', { onDone: onClose })
  const update = useChange('rules.update', { onDone: onClose })
  const error = create.error ?? update.error
  const fields = error instanceof ApiError ? error.fields : {}
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const { consent } = draft
  const does =
    [draft.answer, draft.tag, draft.list].some(text => text.trim() !== '') || draft.notify || consent !== null
  const isWhole = consent === null || consent.wording.trim() !== ''
  const { segments } = measure(draft.answer)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (rule) update.mutate({ id: rule.id, ...draft })
        else create.mutate(draft)
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={error} />}
        <TextInput
          label="Name"
          value={draft.name}
          maxLength={120}
          onChange={event => set({ name: event.currentTarget.value })}
          error={fields['name']}
          data-autofocus
        />
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <Select
            label="When"
            data={Object.entries(FITS).map(([value, label]) => ({ value, label }))}
            value={draft.fits}
            onChange={value => set({ fits: (value ?? 'whole') as RuleFits })}
            allowDeselect={false}
            disabled={consent !== null}
            error={fields['fits']}
            maw={200}
          />
          <TagsInput
            label="Words"
            description="Enter adds one; any of them counts."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={[...draft.phrases]}
            onChange={phrases => set({ phrases })}
            maxTags={50}
            error={fields['phrases']}
          />
        </Group>
        <Textarea
          label="Answer"
          description={draft.answer === '' ? 'Empty: none.' : counted(segments, 'segment')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={'Hi {{ first_name | default: "there" }}, we open at 9.'}
          autosize
          minRows={2}
          maxLength={1530}
          value={draft.answer}
          onChange={event => set({ answer: event.currentTarget.value })}
          error={fields['answer']}
        />
        <Group grow align="flex-start">
          <Autocomplete
            label="Tag the contact"
            data={groups?.tags.map(tag => tag.name) ?? []}
            value={draft.tag}
            maxLength={120}
            onChange={tag => set({ tag })}
            error={fields['tag']}
          />
          <Autocomplete
            label="Add to the list"
            data={groups?.lists.map(list => list.name) ?? []}
            value={draft.list}
            maxLength={120}
            onChange={list => set({ list })}
            error={fields['list']}
          />
        </Group>
        <ConsentFields consent={consent} errors={fields} onChange={set} />
        <Group align="flex-end" justify="space-between">
          <Switch
            label="Notify"
            description="Whatever people want to be told otherwise."
            checked={draft.notify}
            onChange={event => set({ notify: event.currentTarget.checked })}
          />
          <NumberInput
            label="Wait for each person (min)"
            min={0}
            max={43_200}
            allowDecimal={false}
            value={draft.waitMinutes}
            onChange={value => set({ waitMinutes: Number(value) || 0 })}
            error={fields['waitMinutes']}
            w={220}
          />
        </Group>
        <FormButtons
          loading={create.isPending || update.isPending}
          disabled={draft.name.trim() === '' || draft.phrases.length === 0 || !does || !isWhole}
          onCancel={onClose}
        >
          {rule ? 'Save' : 'Add'}
        </FormButtons>
      </Stack>
    </form>
  )
}

const CONSENTS = [
  { value: 'none', label: 'None' },
  { value: 'informational', label: 'To information' },
  { value: 'marketing', label: 'To marketing, and to information too' },
]

/** What people agree to by the words. */
function ConsentFields({
  consent,
  errors,
  onChange,
}: {
  readonly consent: KeywordRule['consent']
  readonly errors: Readonly<Record<string, string>>
  readonly onChange: (change: Pick<KeywordRule, 'consent'> & { readonly fits?: RuleFits }) => void
}) {
  return (
    <>
      <Select
        label="Records consent"
        description={
          consent &&
          'The whole text has to be the keyword. Nobody who has opted out is texted again by it: only START does that.'
        }
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={CONSENTS}
        value={consent?.kind ?? 'none'}
        allowDeselect={false}
        onChange={kind =>
          kind === 'none' || kind === null
            ? onChange({ consent: null })
            : onChange({ consent: { kind: kind as RequirableKind, wording: consent?.wording ?? '' }, fits: 'whole' })
        }
      />
      {consent !== null && (
        <Textarea
          label="What they agree to"
          description="Word for word, as it stood where the keyword was advertised. It is kept with each consent, and so is the text."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder="Text JOIN to 555 0100 to get our weekly offers. Reply STOP to end."
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          value={consent.wording}
          onChange={event => onChange({ consent: { ...consent, wording: event.currentTarget.value } })}
          error={errors['consent.wording']}
        />
      )}
    </>
  )
}
