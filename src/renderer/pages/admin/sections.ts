/** The parts of the administration, in the order of their tabs. `words`: by which the palette finds them besides the title. */
export const SECTIONS = [
  { key: 'users', title: 'Users', words: 'accounts roles passwords' },
  { key: 'access', title: 'Sign-ins', words: 'sessions logins lockouts failures' },
  { key: 'keys', title: 'API keys', words: 'scripts tokens rotate revoke' },
  { key: 'people', title: 'People', words: 'friends grants credentials personal page' },
  { key: 'services', title: 'Services', words: 'htpasswd proxy nginx visits bans fail2ban' },
  { key: 'opt-outs', title: 'Opt-out words', words: 'stop unsubscribe phrases try' },
  { key: 'rules', title: 'Rules', words: 'keywords answers automatic replies' },
  { key: 'privacy', title: 'Privacy', words: 'erase export person receipt retention' },
  { key: 'webhooks', title: 'Webhooks', words: 'events deliveries' },
  { key: 'audit', title: 'Audit log', words: 'who did what verify chain' },
  { key: 'settings', title: 'Settings', words: 'organisation logo hours holidays limits texts lock' },
  { key: 'system', title: 'System', words: 'health doctor backups restore reset about version' },
] as const

export type SectionKey = (typeof SECTIONS)[number]['key']
