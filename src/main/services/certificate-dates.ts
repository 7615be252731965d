/** From when to when a certificate is good, in ms UTC. Its fields are read as text, since Node 20 has no dates there. */
export function validityOf(certificate: { readonly validFrom: string; readonly validTo: string }): {
  readonly from: number
  readonly to: number
} {
  return { from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) }
}
