import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeRequest, parseAccessLine } from '../../../src/main/domain/access-log-line.ts'
import { bannedOf } from '../../../src/main/services/access/bans.ts'

const LINE = '192.0.2.7 - anna_wiki [29/Nov/2026:08:30:05 +0100] "GET /a?b=\\x22c HTTP/1.1" 200 15 "-" "Firefox/1.0"'

describe('a line of an access log', () => {
  it('is read in the combined format, with and without the host behind it', () => {
    const read = { address: '192.0.2.7', username: 'anna_wiki', at: Date.parse('2026-11-29T07:30:05Z'), status: 200 }
    expect(parseAccessLine(LINE)).toEqual({ ...read, host: null })
    expect(parseAccessLine(`${LINE} "Wiki.Example.org:8080"`)).toEqual({ ...read, host: 'wiki.example.org' })
    expect(parseAccessLine(LINE.replace('anna_wiki', '-'))).toMatchObject({ username: null })
    expect(parseAccessLine('2001:db8::1 - a b [29/Feb/2028:00:00:00 -0530] "" 400 0')).toEqual({
      ...{ address: '2001:db8::1', username: 'a b', at: Date.parse('2028-02-29T05:30:00Z'), status: 400, host: null },
    })
  })

  it('that is none of it is passed over', () => {
    for (const line of ['', 'hello', LINE.replace('Nov', 'Foo'), LINE.replace(' 200 ', ' two ')]) {
      expect(parseAccessLine(line)).toBeNull()
    }
    fc.assert(fc.property(fc.string(), line => void parseAccessLine(line)))
  })

  it('cannot be made up by the user name that a stranger sends, whose quotes a proxy escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), name => {
        const written = name.replace(
          /["\\\u0000-\u001f\u007f]/g,
          one => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
        )
        const line = `203.0.113.9 - ${written} [29/Nov/2026:08:30:05 +0000] "GET / HTTP/1.1" 401 15 "-" "-" "h"`
        expect(parseAccessLine(line)).toMatchObject({ address: '203.0.113.9', status: 401, host: 'h' })
      }),
    )
  })

  it('is a failure only where a credential was shown and refused', () => {
    const judged = (username: string | null, status: number) =>
      judgeRequest({ address: '', username, at: 0, status, host: null })
    expect([judged(null, 401), judged('a', 401), judged('a', 200), judged('a', 404), judged('a', 403)]).toEqual([
      'nothing',
      'failed',
      'opened',
      'opened',
      'nothing',
    ])
  })
})

describe('what fail2ban-client prints', () => {
  it('names the banned addresses', () => {
    const status = `Status for the jail: campaign-connector
|- Filter
|  |- Currently failed:	1
|  \`- File list:	/var/log/nginx/access.log
\`- Actions
   |- Currently banned:	2
   \`- Banned IP list:	192.0.2.1 2001:db8::1`
    expect(bannedOf(status)).toEqual(['192.0.2.1', '2001:db8::1'])
    expect(bannedOf('Banned IP list:\t\nmore')).toEqual([])
  })
})
