import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credentialName, foldName } from '../../../src/main/domain/credential-names.ts'
import { makeCredentialPassword } from '../../../src/main/domain/credential-passwords.ts'
import { isKnownReload } from '../../../src/main/domain/reload-commands.ts'
import { isSshHost, quoted } from '../../../src/main/services/access/ssh-file.ts'
import { testRandom } from '../../support/folder.ts'

describe('user names', () => {
  it('are {person}_{service} in characters that are safe everywhere, and never the same twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 20 }), pairs => {
        const taken = new Set<string>()
        for (const [person, service] of pairs) {
          const name = credentialName(person, service, one => taken.has(one))
          expect(name).toMatch(/^[a-z0-9-]{1,30}_[a-z0-9-]{1,24}$/)
          expect(taken.has(name)).toBe(false)
          taken.add(name)
        }
      }),
    )
  })

  it('fold letters of many languages, and number who folds to the same', () => {
    expect(
      ['Zoë Müller', 'Łukasz', 'Øystein', 'Straße', '李雷', 'O’Neil, Jr.'].map(name => foldName(name, 'person')),
    ).toEqual(['zoe-muller', 'lukasz', 'oystein', 'strasse', 'person', 'o-neil-jr'])
    const taken = new Set(['zoe_wiki', 'zoe2_wiki'])
    expect(credentialName('ZOË', 'Wiki', name => taken.has(name))).toBe('zoe3_wiki')
  })
})

describe('passwords', () => {
  it('have 24 characters with all four classes, no look-alikes, and nothing that needs quoting', () => {
    const random = testRandom('passwords')
    const made = Array.from({ length: 2_000 }, () => makeCredentialPassword(random.bytes))
    for (const password of made) {
      expect(password).toMatch(/^[A-Za-z0-9][A-Za-z0-9._~-]{22}[A-Za-z0-9]$/)
      for (const part of [/[A-Z]/, /[a-z]/, /[0-9]/, /[._~-]/]) expect(password).toMatch(part)
      expect(password).not.toMatch(/[IOl01]/)
      expect(encodeURIComponent(password)).toBe(password)
    }
    expect(new Set(made).size).toBe(made.length)
  })

  it('use every character about equally often', () => {
    const counts = new Map<string, number>()
    for (let at = 0; at < 3_000; at += 1) {
      // Not the first and last, which are letters or digits.
      for (const character of makeCredentialPassword(length => randomBytes(length)).slice(1, -1)) {
        counts.set(character, (counts.get(character) ?? 0) + 1)
      }
    }
    const letters = [...counts].filter(([character]) => /[A-Za-z]/.test(character)).map(([, count]) => count)
    expect(letters).toHaveLength(49)
    expect(Math.max(...letters) / Math.min(...letters)).toBeLessThan(1.5)
  })
})

describe('what is run', () => {
  it('over the network is a usual reload command, or one that is there already', () => {
    const known = (line: string, present: string[][] = []) => isKnownReload(line.split(' '), present)
    for (const line of [
      'nginx -s reload',
      'sudo -n systemctl reload nginx',
      '/usr/sbin/nginx -s reload',
      'systemctl reload caddy.service',
    ]) {
      expect(known(line)).toBe(true)
    }
    for (const line of [
      'nginx -s stop',
      'systemctl stop nginx',
      'sh -c id',
      'sudo id',
      './nginx -s reload',
      'nginx -s reload -c /tmp/x',
    ]) {
      expect(known(line)).toBe(false)
    }
    expect(isKnownReload(['nginx -s', 'reload'], [])).toBe(false)
    expect(known('mine now', [['mine', 'now']])).toBe(true)
  })

  it('on another host gets each word as one word', () => {
    expect(quoted("it's $HOME `id`")).toBe(`'it'\\''s $HOME \`id\`'`)
    expect(['proxy', 'deploy@proxy.example.org', '10.0.0.7'].every(isSshHost)).toBe(true)
    expect(['-oX', '', 'a b', 'a@-b', 'a@b@c', 'a;b', 'a\nb'].some(isSshHost)).toBe(false)
  })
})
