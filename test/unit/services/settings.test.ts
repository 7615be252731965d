import { describe, expect, it } from 'vitest'
import { storeSetting } from '../../../src/main/db/settings.ts'
import { createSettings, settingsHandlers } from '../../../src/main/services/settings.ts'
import type { InputOf } from '../../../src/shared/operations/index.ts'
import { type Settings, settingsSchema } from '../../../src/shared/operations/phones.ts'
import { measure } from '../../../src/shared/sms/segments.ts'
import { changeContext, dataFolder } from '../../support/folder.ts'

function world() {
  const { db, clock } = dataFolder()
  const settings = createSettings(db)
  const handlers = settingsHandlers({ db, clock, settings })
  const update = (changes: Partial<Settings>) =>
    handlers['settings.update'](changes as InputOf<'settings.update'>, changeContext(db, 'settings.update')) as Settings
  return { db, settings, update, fresh: () => createSettings(db).current() }
}

describe('settings', () => {
  it('start with careful limits, nothing exposed, and 8 to 21 on every day', () => {
    const { settings } = world()
    expect(settingsSchema.parse(settings.current())).toEqual(settings.current())
    expect(settings.current()).toMatchObject({
      linkHost: '127.0.0.1',
      takeAllTexts: false,
      hours: { from: 480, to: 1260, days: [1, 2, 3, 4, 5, 6, 7] },
      limits: { recipientsPerMonth: 250, pauseMs: [2000, 5000] },
      backups: { keep: 14, daily: true },
    })
    expect(settings.current().limits.windows).toEqual([
      { segments: 25, windowMs: 60_000 },
      { segments: 100, windowMs: 3_600_000 },
      { segments: 400, windowMs: 86_400_000 },
    ])
  })

  it('keep what was changed and nothing else', () => {
    const { update, fresh } = world()
    const before = fresh()
    update({ defaultCountry: 'GB', proofSeconds: 60 })
    expect(fresh()).toEqual({ ...before, defaultCountry: 'GB', proofSeconds: 60 })
  })

  it('name the organisation in the answers, each of them one segment', () => {
    const { update } = world()
    const { texts } = update({ organisation: 'Acme Market' })
    for (const text of Object.values(texts)) {
      expect(text).toMatch(/^Acme Market: /)
      expect(measure(text).segments).toBe(1)
    }
    expect(texts.stop).toContain('START')
    expect(texts.help).toContain('STOP')
  })

  it('keep an own text and let the others follow the organisation', () => {
    const { update, fresh } = world()
    const { texts } = update({ organisation: 'Acme' })
    update({ texts: { ...texts, help: 'Call us on Monday. Reply STOP to stop.' } })
    update({ organisation: 'Zenith' })
    expect(fresh().texts.help).toBe('Call us on Monday. Reply STOP to stop.')
    expect(fresh().texts.stop).toMatch(/^Zenith: /)
  })

  it('are refused where they make no sense together, and then nothing is stored', () => {
    const { update, fresh, settings } = world()
    const before = fresh()
    const { limits } = before
    expect(() => update({ limits: { ...limits, pauseMs: [5000, 2000] } })).toThrow(/pauseMs/)
    expect(() => update({ linkHost: 'not an address', proofSeconds: 60 })).toThrow(/127\.0\.0\.1/)
    expect(fresh()).toEqual(before)
    expect(settings.current()).toEqual(before)
  })

  it('tell listeners what changed, until they end it', () => {
    const { update, settings } = world()
    const heard: [number, number][] = []
    const end = settings.listen((now, before) => heard.push([now.linkPort, before.linkPort]))
    update({ linkPort: 9000 })
    end()
    update({ linkPort: 9001 })
    expect(heard).toEqual([[9000, 8443]])
  })

  it('fall back to the default where a stored value no longer fits', () => {
    const { db, fresh } = world()
    db.write(tx => {
      storeSetting(tx, 'linkPort', 'eight thousand', 1)
      storeSetting(tx, 'texts', { stop: '', help: 'Ask us.' }, 1)
      storeSetting(tx, 'gone', 1, 1)
    })
    expect(fresh().linkPort).toBe(8443)
    expect(settingsSchema.safeParse(fresh()).success).toBe(true)
  })

  it('write one audit row that names the keys', () => {
    const { update, db } = world()
    update({ linkPort: 9000, organisation: 'Acme' })
    expect(db.all('SELECT subject FROM audit')).toEqual([{ subject: 'setting:linkPort setting:organisation' }])
  })
})
