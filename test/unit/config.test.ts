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
