import { createHash } from 'node:crypto'
import type { Variant } from '../../../shared/operations/campaigns.ts'
import type { NumberHash } from '../ports.ts'

/**
 * The place of the variant that a number gets. It hangs on the keyed hash of the number and on the campaign alone, so a
 * crash, a resumed start and a second look give the same; another campaign shares the same people out anew.
 */
export function variantFor(
  campaign: { readonly id: number; readonly variants: readonly Variant[] },
  number: string,
  hash: NumberHash,
): number {
  const { id, variants } = campaign
  if (variants.length === 0) return 0
  const drawn = createHash('sha256').update(`variant ${id} `).update(hash.of(number)).digest().readUIntBE(0, 6) % 100
  let share = 0
  const place = variants.findIndex(variant => {
    share += variant.share
    return drawn < share
  })
  return place < 0 ? variants.length - 1 : place
}
