import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editHtpasswd, foreignLine, hashesOf, hashKind, htpasswdEntries } from '../../../src/main/domain/htpasswd.ts'

const username = fc.stringMatching(/^[a-z0-9_.-]{1,12}$/)
const hash = fc.stringMatching(/^[A-Za-z0-9$./{}]{1,30}$/)
const line = fc.oneof(
  fc.tuple(username, hash).map(([name, value]) => `${name}:${value}`),
  fc.tuple(username, hash).map(([name, value]) => `${name}:${value}:a remark: with colons`),
  fc.constantFrom('', '# a comment', '#off:{SHA}x', '   ', 'no entry', ':no name', 'ünï:{SHA}x'),
)
const file = fc
  .tuple(fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 }), fc.boolean())
  .map(([lines, ended]) => {
    const text = lines.map(([one, end]) => one + end).join('')
    return ended ? text : text.replace(/\r?\n$/, '')
  })
const changes = fc
  .array(fc.tuple(username, fc.option(hash, { nil: null })), { maxLength: 6 })
  .map(pairs => new Map(pairs))

describe('an edit of an htpasswd file', () => {
  it('does what is asked for, and leaves the entries of others with their comments as they were', () => {
    fc.assert(
      fc.property(file, changes, (text, asked) => {
        const edited = editHtpasswd(text, asked)
        for (const [name, value] of hashesOf(edited, asked.keys())) expect(value).toBe(asked.get(name))
        const others = (one: string) => one.split(/\r?\n/).filter(row => row !== '' && !asked.has(row.split(':')[0]!))
        expect(others(edited)).toEqual(others(text))
      }),
    )
  })

  it('changes no byte when it changes nothing, and comes back to the last byte where it only added', () => {
    fc.assert(
      fc.property(file, changes, (text, asked) => {
        expect(editHtpasswd(text, new Map())).toBe(text)
        const once = editHtpasswd(text, asked)
        expect(editHtpasswd(once, asked)).toBe(once)
        const fresh = new Map([...asked].filter(([name]) => hashesOf(text, [name]).get(name) === null))
        const gone = new Map([...fresh.keys()].map(name => [name, null]))
        const back = editHtpasswd(editHtpasswd(text, fresh), gone)
        expect([text, `${text}\n`, `${text}\r\n`]).toContain(back)
      }),
    )
  })

  it('keeps the place and the remark of an entry, and takes later ones of its name away', () => {
    const text = 'a:1:remark\nb:2\na:3\n'
    expect(editHtpasswd(text, new Map([['a', '9']]))).toBe('a:9:remark\nb:2\n')
    expect(editHtpasswd(text, new Map([['a', null]]))).toBe('b:2\n')
  })

  it('reads what a proxy reads: the first of several', () => {
    expect(htpasswdEntries('#x:1\na:1:c\n\na:2\n')).toEqual([
      { username: 'a', hash: '1' },
      { username: 'a', hash: '2' },
    ])
    expect(hashesOf('a:1\na:2\n', ['a', 'b'])).toEqual(
      new Map([
        ['a', '1'],
        ['b', null],
      ]),
    )
  })

  it('knows a file that is none, and how passwords are kept', () => {
    expect(foreignLine('# x\n\na:{SHA}y\n')).toBeNull()
    expect(foreignLine('a:b\nserver {\n')).toBe(2)
    const kinds = [
      '$2y$05$x',
      '$2b$10$x',
      '$apr1$x',
      '{SHA}x',
      '{SSHA}x',
      '{PLAIN}x',
      '$6$x',
      'rl.3StKT.4T8M',
      'secret',
    ]
    expect(kinds.map(hashKind)).toEqual(['bcrypt', 'bcrypt', 'apr1', 'sha', 'sha', 'plain', 'crypt', 'crypt', 'other'])
  })
})
