import { Button, Group, Menu, ScrollArea, Stack, Text, Textarea } from '@mantine/core'
import { IconBraces, IconQuote } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'
import { useRead } from '../../api.ts'
import { figure } from '../../lib/times.ts'

/** Fields that are a greeting without a value beside them. */
const DEFAULTS: Readonly<Record<string, string>> = { first_name: 'there', name: 'there' }

/** The text of a campaign, with fields of contacts put in where the cursor stands. */
export function MessageField({
  value,
  onChange,
  error,
  replaced,
  label = 'Message',
  rows = 5,
  children,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | undefined
  /** The text with quotes and the like replaced by plain ones, when that changes it. */
  readonly replaced: string | null
  readonly label?: string
  /** Lines at least. */
  readonly rows?: number
  /** Further buttons below it. */
  readonly children?: ReactNode
}) {
  const area = useRef<HTMLTextAreaElement>(null)
  const insert = (text: string): void => {
    const { selectionStart: from = value.length, selectionEnd: to = value.length } = area.current ?? {}
    onChange(value.slice(0, from) + text + value.slice(to))
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(from + text.length, from + text.length)
    })
  }
  return (
    <Stack gap="xs">
      <Textarea
        ref={area}
        label={label}
        description="What stands in {{ }} is filled in for each contact."
        placeholder={'Hi {{ first_name | default: "there" }}, … Reply STOP to opt out.'}
        autosize
        minRows={rows}
        maxRows={14}
        maxLength={5000}
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
        error={error}
        required
        withAsterisk={false}
      />
      <Group gap="xs">
        <FieldPicker onPick={insert} />
        {replaced !== null && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconQuote size={16} aria-hidden />}
            onClick={() => onChange(replaced)}
          >
            Use plain quotes and dashes
          </Button>
        )}
        {children}
      </Group>
    </Stack>
  )
}

function FieldPicker({ onPick }: { readonly onPick: (text: string) => void }) {
  const { data } = useRead('contacts.fields', {})
  const fields = data?.fields ?? []
  return (
    <Menu width={280} position="bottom-start">
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconBraces size={16} aria-hidden />}>
          Insert field
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={280}>
          {fields.length === 0 && (
            <Text size="sm" c="dimmed" p="xs">
              There are no contacts yet. Import a list first.
            </Text>
          )}
          {fields.map(({ name, contacts }) => (
            <Menu.Item
              key={name}
              onClick={() => onPick(fieldText(name))}
              rightSection={
                <Text size="xs" c="dimmed" className="figures">
                  {figure(contacts)}
                </Text>
              }
            >
              {name}
            </Menu.Item>
          ))}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  )
}

function fieldText(name: string): string {
  const other = DEFAULTS[name]
  return other === undefined ? `{{ ${name} }}` : `{{ ${name} | default: "${other}" }}`
}
