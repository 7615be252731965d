/** The scheme and the one host under which the pages are served to the window, and to nobody else. */
export const SCHEME = 'app'
export const HOST = 'connector'
export const START_URL = `${SCHEME}://${HOST}/`

/** Whether an address is one of ours. Of such schemes `origin` is the word null in Node, so the parts are compared. */
export function isOurs(address: string): boolean {
  const url = parsed(address)
  return (
    url !== null && url.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === ''
  )
}

/** Null for what is no address. */
export function parsed(address: string): URL | null {
  try {
    return new URL(address)
  } catch {
    return null
  }
}
