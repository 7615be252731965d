import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConsentKind } from '../../../shared/consent.ts'
import type { ImportMapping, Sniffed } from '../../../shared/imports/settings.ts'
import type { GivenOf } from '../../../shared/operations/index.ts'

/** What a person has said so far about a list that is not imported yet. */
export interface Draft {
  /** 0: columns, 1: check, 2: consent. */
  readonly step: number
  /** What was corrected of what was sniffed. */
  readonly format: Partial<Sniffed>
  /** Null: as it is proposed. */
  readonly mapping: ImportMapping | null
  /** Null: that of the settings. */
  readonly country: string | null
  readonly allowLandlines: boolean
  readonly onDuplicate: 'skip' | 'update'
  readonly stripFormulas: boolean
  readonly list: string | null
  readonly tags: readonly string[]
  readonly consent: {
    readonly source: string
    readonly wording: string
    /** `2025-03-31`, or empty. */
    readonly day: string
    readonly kind: ConsentKind
    readonly proof: string
  }
}

const EMPTY: Draft = {
  step: 0,
  format: {},
  mapping: null,
  country: null,
  allowLandlines: false,
  onDuplicate: 'skip',
  stripFormulas: true,
  list: null,
  tags: [],
  consent: { source: '', wording: '', day: '', kind: 'unspecified', proof: '' },
}

/** Kept until the person signs out, so that leaving the screen loses nothing. */
export function useDraft(upload: string): [Draft, (change: Partial<Draft>) => void] {
  const client = useQueryClient()
  const key = ['import-draft', upload]
  const [draft, setDraft] = useState<Draft>(() => client.getQueryData(key) ?? EMPTY)
  return [
    draft,
    change => {
      const next = { ...draft, ...change }
      setDraft(next)
      client.setQueryDefaults(key, { gcTime: Number.POSITIVE_INFINITY })
      client.setQueryData(key, next)
    },
  ]
}

type Settings = NonNullable<GivenOf<'uploads.start'>['settings']>

/** The draft as the hub takes it. `country`: that of the settings. */
export function settingsOf(draft: Draft, country: string | null): Settings {
  const { format, mapping, consent } = draft
  const source = consent.source.trim()
  return {
    format,
    ...(mapping && { mapping }),
    options: {
      defaultCountry: draft.country ?? country,
      allowLandlines: draft.allowLandlines,
      onDuplicate: draft.onDuplicate,
      stripFormulas: draft.stripFormulas,
      tags: [...draft.tags],
      list: draft.list?.trim() || null,
      consent:
        source === ''
          ? null
          : {
              ...{ source, kind: consent.kind, wording: consent.wording.trim(), proof: consent.proof.trim() },
              at: consent.day === '' ? null : Date.parse(consent.day),
            },
    },
  }
}
