/** Everything by which somebody could look into the running program or run code of their own in it. */
const REFUSED =
  /^(?:--?|\/)(inspect(?:-[a-z-]+)?|debug(?:-[a-z-]+)?|remote-debugging-[a-z-]+|remote-allow-origins|js-flags|load-extension|disable-web-security|disable-site-isolation-trials)(?:=|$)/i

/** The switch that a shipped build does not start with, or null. What stands after a lone `--` is no switch to Chromium either. */
export function debugSwitchOf(argv: readonly string[]): string | null {
  for (const given of argv) {
    if (given === '--') return null
    const [, name] = REFUSED.exec(given) ?? []
    if (name !== undefined) return `--${name.toLowerCase()}`
  }
  return null
}
