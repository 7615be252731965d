import { Modal, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError, useChange, useRead } from '../../api.ts'
import { CountrySelect } from '../../components/country-select.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { ContactFields, consentBy, EMPTY_DRAFT, givenBy, isSound } from './form.tsx'

/** A single contact by hand. */
export function CreateContact({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New contact" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Form onClose={onClose} />
    </Modal>
  )
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const [, go] = useLocation()
  const { data: settings } = useRead('settings.get', {})
  const [number, setNumber] = useState('')
  const [country, setCountry] = useState<string | null>(null)
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const create = useChange('contacts.create', {
    touches: ['lists'],
    onDone: contact => go(`/contacts/${contact.id}`, { replace: true }),
  })
  const errors = create.error instanceof ApiError ? create.error.fields : {}
  const numberField = useRef<HTMLInputElement>(null)
  // It may be out of sight.
  useEffect(() => {
    if (errors['number']) numberField.current?.focus()
  }, [errors['number']])
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (!isSound(draft)) return
        const under = country ?? settings?.defaultCountry
        create.mutate({ number, ...(under && { country: under }), ...givenBy(draft), consent: consentBy(draft) })
      }}
    >
      <Stack>
        <SimpleGrid cols={2}>
          <TextInput
            label="Number"
            description="As people write it, or with +"
            type="tel"
            ref={numberField}
            value={number}
            maxLength={40}
            error={errors['number']}
            onChange={event => setNumber(event.currentTarget.value)}
            data-autofocus
          />
          <CountrySelect
            label="Country"
            description="Where the number has no +"
            value={country ?? settings?.defaultCountry ?? null}
            onChange={setCountry}
            allowDeselect={false}
          />
        </SimpleGrid>
        <ContactFields draft={draft} errors={errors} onChange={setDraft} />
        {Object.keys(errors).length === 0 && <Problem error={create.error} />}
        <FormButtons
          loading={create.isPending}
          disabled={number.trim().length < 3 || !isSound(draft)}
          onCancel={onClose}
        >
          Add the contact
        </FormButtons>
      </Stack>
    </form>
  )
}
