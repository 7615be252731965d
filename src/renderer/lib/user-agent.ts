const BROWSERS = { Edge: 'Edg/', Firefox: 'Firefox/', Chrome: 'Chrome/', Safari: 'Safari/' }
const SYSTEMS = { Windows: 'Windows', Android: 'Android', iOS: 'iPhone', macOS: 'Mac OS', Linux: 'Linux' }

/** What a person calls the program that a user agent names. */
export function programOf(userAgent: string): string {
  const find = (names: Readonly<Record<string, string>>): string | undefined =>
    Object.keys(names).find(name => userAgent.includes(names[name]!))
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)]
  if (!browser) return userAgent === '' ? 'Unknown program' : userAgent
  return system ? `${browser} on ${system}` : browser
}
