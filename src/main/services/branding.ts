import { createHash } from 'node:crypto'
import { Refusal } from '../../shared/errors.ts'
import { type Branding, LOGO_EDGE, MOST_LOGO_BYTES } from '../../shared/operations/branding.ts'
import { logoBytes, removeLogo, storedLogo, storeLogo } from '../db/branding.ts'
import type { Database } from '../db/database.ts'
import { BadImage, type ImageFacts, inspectImage } from './image.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import { BRAND_PATHS } from './pages.ts'
import type { Clock } from './ports.ts'
import type { SettingsView } from './settings.ts'

/** What everybody sees who opens the pages, also before they sign in: the name and the logo of the organisation. */
export interface Brand {
  /** `logo`: where the picture is, with something that changes with it; null where there is none. */
  facts(): { readonly organisation: string; readonly logo: string | null }
  logo(): { readonly type: string; readonly bytes: Uint8Array; readonly tag: string } | null
}

interface Parts {
  readonly db: Database
  readonly settings: SettingsView
}

export function brandOf({ db, settings }: Parts): Brand {
  return {
    facts: () => {
      const logo = storedLogo(db)
      return {
        organisation: settings.current().organisation,
        logo: logo ? `.${BRAND_PATHS.logo}?${logo.tag}` : null,
      }
    },
    logo: () => {
      const logo = storedLogo(db)
      const bytes = logo && logoBytes(db)
      return logo && bytes ? { type: logo.type, bytes, tag: `"${logo.tag}"` } : null
    },
  }
}

export function brandingHandlers(
  parts: Parts & { readonly clock: Clock },
): HandlersFor<'branding.get' | 'branding.set-logo' | 'branding.remove-logo'> {
  const { clock } = parts
  return {
    'branding.get': ({ image }) => present(parts, image),
    'branding.set-logo': ({ image }, { commit }) => {
      const bytes = Buffer.from(image, 'base64')
      const facts = checked(bytes)
      const tag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
      commit((tx, about) => {
        about('logo', tag)
        storeLogo(tx, { ...facts, tag, bytes }, clock.now())
      })
      return present(parts, false)
    },
    'branding.remove-logo': (_input, { commit }) => {
      commit((tx, about) => {
        about('setting', 'logo')
        removeLogo(tx)
      })
      return present(parts, false)
    },
  }
}

function present({ db, settings }: Parts, withImage: boolean): Branding {
  const row = storedLogo(db)
  const { organisation } = settings.current()
  if (!row) return { organisation, logo: null }
  const { type, width, height, size, tag, updatedAt } = row
  const image = withImage ? Buffer.from(logoBytes(db) ?? []).toString('base64') : null
  return { organisation, logo: { type: type as ImageFacts['type'], width, height, bytes: size, tag, updatedAt, image } }
}

function checked(bytes: Uint8Array): ImageFacts {
  if (bytes.length > MOST_LOGO_BYTES) throw bad(`The file may have ${MOST_LOGO_BYTES / 1024} KiB at most.`)
  try {
    const facts = inspectImage(bytes)
    const { least, most } = LOGO_EDGE
    for (const edge of [facts.width, facts.height]) {
      if (edge < least || edge > most) {
        throw bad(`The image has ${facts.width} × ${facts.height} pixels. Each edge has to have ${least} to ${most}.`)
      }
    }
    return facts
  } catch (error) {
    throw error instanceof BadImage ? bad(error.message) : error
  }
}

function bad(message: string): Refusal {
  return new Refusal('invalid_input', message, { image: message })
}
