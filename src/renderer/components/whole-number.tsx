import { NumberInput, type NumberInputProps } from '@mantine/core'

/** Asks for a whole number. What is empty is 0, which the hub refuses where it may not be. */
export function WholeNumber({
  onChange,
  ...props
}: Omit<NumberInputProps, 'onChange' | 'allowDecimal'> & { readonly onChange: (value: number) => void }) {
  return <NumberInput allowDecimal={false} onChange={value => onChange(Number(value) || 0)} {...props} />
}
