import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { where } from './kit.ts'

const config = readFileSync('electron-builder.yml', 'utf8')

describe('the package', () => {
  it.each([
    ['runAsNode', false],
    ['enableNodeOptionsEnvironmentVariable', false],
    ['enableNodeCliInspectArguments', false],
    ['grantFileProtocolExtraPrivileges', false],
    ['enableCookieEncryption', true],
    ['onlyLoadAppFromAsar', true],
    ['enableEmbeddedAsarIntegrityValidation', true],
  ])('has the fuse %s at %s', (fuse, on) => {
    expect(config).toMatch(new RegExp(`^ {2}${fuse}: ${on}$`, 'm'))
  })

  it('lies in an archive, with nothing outside of it but native modules', () => {
    expect(config).toMatch(/^asar:\n {2}smartUnpack: false$/m)
    expect(config).toMatch(/^asarUnpack:\n {2}- '\*\*\/\*\.node'\n\S/m)
    expect(config).toMatch(/^npmRebuild: false$/m)
  })

  it('has no feed of updates until a release sets one', () => {
    expect(config).toMatch(/^publish: null$/m)
  })

  it('knows no way to be looked into but the variant for tests', () => {
    expect(where(/inspectable/)).toEqual(['src/main/index.ts'])
    expect(config).not.toMatch(/inspectable/)
  })
})
