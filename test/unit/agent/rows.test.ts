import { describe, expect, it } from 'vitest'
import {
  identityOf,
  parseRows,
  receivedAt,
  type SmsRow,
  StoreUnreadable,
  sameText,
} from '../../../phone-agent/src/rows.ts'

const row = (some: Partial<SmsRow> = {}): SmsRow => ({
  id: 7,
  type: 'inbox',
  address: '+15555550123',
  received: '2026-01-15 12:00:00',
  body: 'Yes',
  ...some,
})

describe('the output of termux-sms-list', () => {
  it('is a list of rows', () => {
    const printed = JSON.stringify([
      {
        threadid: 1,
        type: 'inbox',
        read: true,
        sender: 'Ann',
        address: '+1555',
        number: '+1555',
        received: 'x',
        body: 'Hi',
        _id: 3,
      },
    ])
    expect(parseRows(printed)).toEqual([{ id: 3, type: 'inbox', address: '+1555', received: 'x', body: 'Hi' }])
    expect(parseRows('[]\n')).toEqual([])
  })

  it('that is an error object, nothing, or no JSON means that the store cannot be read', () => {
    expect(() => parseRows('{"error": "Please grant READ_SMS"}')).toThrow('Please grant READ_SMS')
    for (const printed of ['', '  \n', '{}', 'java.lang.SecurityException', '[{"body":"x"}]', '[{"_id":"3"}]']) {
      expect(() => parseRows(printed)).toThrow(StoreUnreadable)
    }
  })

  it('may lack a body or a number', () => {
    expect(parseRows('[{"_id":1,"type":"inbox","body":null}]')).toEqual([
      { id: 1, type: 'inbox', address: '', received: '', body: '' },
    ])
  })
})

describe('the identity of a text', () => {
  const identity = identityOf(row(), 'UTC')

  it('changes with sender, body and second', () => {
    for (const other of [{ address: '+15555550124' }, { body: 'yes' }, { received: '2026-01-15 12:00:01' }]) {
      expect(sameText(identity, identityOf(row(other), 'UTC'))).toBe(false)
    }
  })

  it('stays when the phone moves to another zone, whether the agent knows of it or not', () => {
    const moved = row({ received: '2026-01-15 13:00:00' })
    expect(identityOf(moved, 'Europe/Berlin')).toBe(identity)
    expect(sameText(identityOf(moved, 'UTC'), identity)).toBe(true)
    expect(sameText(identityOf(row({ received: '2026-01-15 17:45:00' }), 'UTC'), identity)).toBe(true)
    expect(sameText(identityOf(row({ received: '2026-01-17 12:00:00' }), 'UTC'), identity)).toBe(false)
  })

  it('works for times that cannot be read', () => {
    const odd = row({ received: '15.01. 12.00' })
    expect(sameText(identityOf(odd, 'UTC'), identityOf(odd, 'UTC'))).toBe(true)
    expect(sameText(identityOf(odd, 'UTC'), identityOf(row({ received: '15.01. 12.15' }), 'UTC'))).toBe(false)
    expect(receivedAt(odd, 'UTC', 0, 42)).toBe(42)
  })
})
