/** Names of contact fields and words of Liquid, which an attribute must not hide. */
const RESERVED_KEYS = new Set(
  (
    'id first_name last_name full_name name email phone number phone_number country zone postcode tags lists consent ' +
    'and or not contains in true false nil null empty blank if for case assign capture ' +
    'constructor prototype size first last forloop sender'
  ).split(' '),
)

/** Whether a text can be the key of an attribute: snake_case, usable as `{{ key }}` in a template, no contact field. */
export function isAttributeKey(key: string): boolean {
  return /^[a-z][a-z0-9_]{0,59}$/.test(key) && !RESERVED_KEYS.has(key)
}
