/** The name under which the vault keeps key and certificate of the phone link. */
export const LINK_IDENTITY = 'link-identity'
