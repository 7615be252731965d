import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressProblem, targetProblem } from '../../../src/main/services/webhooks/target.ts'

describe('the address of a webhook', () => {
  it.each([
    'https://example.org/hook?x=1',
    'https://10.0.0.5:8443/hook',
    'https://192.168.1.9/',
    'https://[fd12:3456::1]/hook',
    'https://localhost:9000/hook',
    'http://localhost:9000/hook',
    'http://127.0.0.1:9000/hook',
    'http://127.8.9.1/',
    'http://[::1]:9000/hook',
    // The same address, written as only machines do.
    'http://2130706433/',
    'http://0x7f.1/',
  ])('may be %s', url => {
    expect(targetProblem(url)).toBeNull()
  })

  it.each([
    ['example.org', 'https://'],
    ['ftp://example.org/', 'https://'],
    ['file:///etc/passwd', 'https://'],
    ['http://example.org/hook', 'this computer only'],
    ['http://10.0.0.5/hook', 'not this computer'],
    ['http://localhost.example.org/', 'this computer only'],
    ['https://anna:secret@example.org/', 'user name and password'],
    ['https://example.org/#part', '#'],
    ['https://169.254.169.254/latest/meta-data', 'not sent to'],
    ['https://[fe80::1]/', 'not sent to'],
    ['https://[::ffff:169.254.169.254]/', 'not sent to'],
    ['https://[fd00:ec2::254]/', 'not sent to'],
    ['https://0.0.0.0/', 'not sent to'],
    ['http://0.0.0.0/', 'not sent to'],
    ['https://2852039166/', 'not sent to'],
    ['https://100.100.100.200/', 'not sent to'],
    ['https://168.63.129.16/', 'not sent to'],
  ])('may not be %s', (url, why) => {
    expect(targetProblem(url)).toContain(why)
  })

  it.each([
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fe80::1%eth0',
    'ff02::1',
    '::',
    'no address',
  ])('never stands for %s', address => {
    expect(addressProblem(address, 'https:')).not.toBeNull()
  })

  it('is never a link-local one, however it is wrapped', () => {
    const octet = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(octet, octet, (high, low) => {
        const hex = (high * 256 + low).toString(16)
        for (const address of [
          `169.254.${high}.${low}`,
          `::ffff:169.254.${high}.${low}`,
          `::ffff:a9fe:${hex}`,
          `64:ff9b::a9fe:${hex}`,
          `2002:a9fe:${hex}::`,
        ]) {
          if (addressProblem(address, 'https:') === null) return false
        }
        return addressProblem(`10.1.${high}.${low}`, 'https:') === null
      }),
    )
  })
})
