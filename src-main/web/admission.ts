/**
 * Who may talk to the web host: pure checks of one request's headers, no sockets.
 * The secret is new with each start, comes in the printed address and is kept by the browser as a cookie.
 * Against: other machines and rebound names (Host), other pages (Origin, SameSite), other users' programs (secret).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Door {
  readonly port: number
  readonly secret: string
}

export type Admission =
  | { readonly kind: 'admitted'; readonly path: string; readonly query: URLSearchParams }
  | { readonly kind: 'exchange'; readonly headers: Record<string, string> }
  | { readonly kind: 'refused'; readonly status: 403 | 421; readonly message: string }

/** Makes the secret of one start: 256 bits, as text for an address. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Writes the address that lets a browser in. */
export function addressOf({ port, secret }: Door): string {
  return `http://127.0.0.1:${port}/?key=${secret}`
}

/** Writes the Cookie header that lets a program in. Cookies are shared between ports, so the name carries the port. */
export function cookieOf({ port, secret }: Door): string {
  return `topology-lab-${port}=${secret}`
}

/**
 * Decides over a request: let it in, exchange the key of the printed address for the cookie, or refuse it.
 * `url` is the request target as it came. Comparing with the secret takes the same time for every wrong one.
 */
export function admit(door: Door, url: string, headers: IncomingHttpHeaders): Admission {
  const hosts = [`127.0.0.1:${door.port}`, `localhost:${door.port}`]
  if (!hosts.includes(headers.host ?? '')) {
    return { kind: 'refused', status: 421, message: 'This lab answers on 127.0.0.1 only, by the address it printed.' }
  }
  if (headers.origin !== undefined && !hosts.some((host) => headers.origin === `http://${host}`)) {
    return { kind: 'refused', status: 403, message: 'Another site asked for this lab, so it was refused.' }
  }
  const [path = '/', queryText = ''] = splitAtQuery(url)
  const query = new URLSearchParams(queryText)
  const key = path === '/' ? query.get('key') : null
  if (key !== null && isSecret(key, door)) {
    const cookie = `${cookieOf(door)}; HttpOnly; SameSite=Strict; Path=/`
    return { kind: 'exchange', headers: { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' } }
  }
  if (key === null && isSecret(cookieValue(headers.cookie, door), door)) return { kind: 'admitted', path, query }
  return {
    kind: 'refused',
    status: 403,
    message:
      'This page belongs to a running Topology Lab. Open it with the whole address that the terminal shows ' +
      '(it ends in ?key=...); the key is new with each start.'
  }
}

function splitAtQuery(url: string): string[] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)]
}

function cookieValue(header: string | undefined, door: Door): string {
  const start = cookieOf({ ...door, secret: '' })
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length) ?? ''
}

function isSecret(candidate: string, door: Door): boolean {
  // Digests have the same length whatever was sent, as timingSafeEqual asks.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(candidate), digest(door.secret))
}
