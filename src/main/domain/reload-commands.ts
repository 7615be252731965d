/** Commands that make the usual proxies read their files again, and do nothing else. */
const SERVICES = 'nginx|apache2|httpd|caddy|haproxy|traefik|lighttpd'
const USUAL: readonly RegExp[] = [
  new RegExp(`^(sudo -n |sudo )?(/usr/bin/|/bin/)?systemctl reload (${SERVICES})(\\.service)?$`),
  /^(sudo -n |sudo )?(\/usr\/sbin\/|\/usr\/bin\/)?nginx -s reload$/,
  /^(sudo -n |sudo )?(\/usr\/sbin\/)?(apache2ctl|apachectl) graceful$/,
  new RegExp(`^(sudo -n |sudo )?(/usr/sbin/|/sbin/)?service (${SERVICES}) reload$`),
]

/**
 * Whether a reload command may be chosen through the network: a usual one, or one that a service has. Any other program
 * would let whoever has got hold of an administrator's session or key run what they like on the computer of the hub.
 */
export function isKnownReload(command: readonly string[], present: readonly (readonly string[] | null)[]): boolean {
  if (present.some(one => one !== null && same(one, command))) return true
  // Words with spaces in them would look like several.
  return command.every(word => !/\s/.test(word)) && USUAL.some(pattern => pattern.test(command.join(' ')))
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word, at) => word === right[at])
}
