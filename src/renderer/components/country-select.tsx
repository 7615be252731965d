import { Select, type SelectProps } from '@mantine/core'
import { COUNTRIES } from '../lib/countries.ts'

/** Asks for a country. The value is its code. */
export function CountrySelect(props: Omit<SelectProps, 'data'>) {
  return <Select data={COUNTRIES} searchable nothingFoundMessage="No country is called that." {...props} />
}
