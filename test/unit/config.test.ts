import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/main/config.ts'

const linux = { platform: 'linux', home: '/home/anna' } as const

describe('the data folder', () => {
  it('lies where each system keeps the data of a program', () => {
    const at = (platform: NodeJS.Platform, env = {}) => readConfig({}, env, { platform, home: '/home/anna' }).dataFolder
    expect(at('linux')).toBe('/home/anna/.local/share/campaign-connector')
    expect(at('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/campaign-connector')
    expect(at('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/anna/.local/share/campaign-connector')
    expect(at('darwin')).toBe('/home/anna/Library/Application Support/Campaign Connector')
    expect(at('win32', { APPDATA: '/roaming' })).toBe('/roaming/Campaign Connector')
  })

  it('is the one of the option before the one of the environment', () => {
    const env = { CAMPAIGN_CONNECTOR_DATA: '/env' }
    expect(readConfig({}, env, linux).dataFolder).toBe('/env')
    expect(readConfig({ dataDir: '/option' }, env, linux).dataFolder).toBe('/option')
    expect(readConfig({ dataDir: '' }, { CAMPAIGN_CONNECTOR_DATA: '' }, linux).dataFolder).toContain('/home/anna')
  })
})

describe('the administrator of the environment', () => {
  it('needs both values', () => {
    expect(readConfig({}, {}, linux)).toMatchObject({ admin: null, adminProblem: null })
    const both = readConfig({}, { ADMIN_USERNAME: 'boss', ADMIN_PASSWORD: 'secret' }, linux)
    expect(both).toMatchObject({ admin: { username: 'boss', password: 'secret' }, adminProblem: null })
    const half = readConfig({}, { ADMIN_USERNAME: 'boss', ADMIN_PASSWORD: '' }, linux)
    expect(half.admin).toBeNull()
    expect(half.adminProblem).toContain('only one of them')
  })
})

describe('API keys of the environment', () => {
  const KEY = '0123456789abcdef'.repeat(4)
  const OTHER = 'fedcba9876543210'.repeat(4)

  it('are 64 hexadecimal digits, one for each role', () => {
    const env = { ADMIN_API_KEY: KEY, TERMUX_API_KEY: OTHER, USER_API_KEY: '' }
    expect(readConfig({}, env, linux)).toMatchObject({
      apiKeys: [
        { role: 'admin', key: KEY },
        { role: 'termux', key: OTHER },
      ],
      apiKeyProblems: [],
    })
    expect(readConfig({}, {}, linux)).toMatchObject({ apiKeys: [], apiKeyProblems: [] })
  })

  it.each([
    ['secret', '64 hexadecimal digits'],
    [KEY.slice(1), '64 hexadecimal digits'],
    [` ${KEY}`, '64 hexadecimal digits'],
    [`${KEY.slice(1)}g`, '64 hexadecimal digits'],
    ['0'.repeat(64), 'can be guessed'],
  ])('that are anything else are told and not used: %s', (value, why) => {
    const { apiKeys, apiKeyProblems } = readConfig({}, { USER_API_KEY: value }, linux)
    expect(apiKeys).toEqual([])
    expect(apiKeyProblems).toEqual([expect.stringContaining(why)])
    expect(apiKeyProblems[0]).toContain('USER_API_KEY is not used')
    expect(apiKeyProblems[0], 'the value itself is shown to nobody').not.toContain(value)
  })

  it('cannot be one for two roles', () => {
    const { apiKeys, apiKeyProblems } = readConfig({}, { ADMIN_API_KEY: KEY, USER_API_KEY: KEY.toUpperCase() }, linux)
    expect(apiKeys).toEqual([{ role: 'admin', key: KEY }])
    expect(apiKeyProblems).toEqual([expect.stringContaining('USER_API_KEY is not used')])
  })
})
