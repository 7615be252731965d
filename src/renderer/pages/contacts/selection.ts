/** Which of the contacts that are shown something is done to. */
export type Selection =
  | { readonly kind: 'none' }
  /** Everybody who matches, on the screen or not. */
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly ids: ReadonlySet<number> }

export const NONE: Selection = { kind: 'none' }
