/**
 * Tells whether an address is of an origin. Parsed, never by prefix: app://lab.elsewhere/ begins as app://lab does; and
 * URL.origin is "null" for schemes that it does not know.
 */
export function isOfOrigin(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}` === origin
}
