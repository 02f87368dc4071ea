import { describe, expect, test } from 'vitest'
import { addressOf, admit, cookieOf, createSecret } from '#lab/web/admission.ts'

const door = { port: 4173, secret: createSecret() }
const cookie = cookieOf(door)
const host = '127.0.0.1:4173'

test('the key of the printed address is exchanged for a cookie that scripts and other sites do not get', () => {
  const { pathname, search } = new URL(addressOf(door))
  const admission = admit(door, pathname + search, { host })
  expect(admission.kind).toBe('exchange')
  if (admission.kind !== 'exchange') return
  expect(admission.headers['location']).toBe('/')
  expect(admission.headers['set-cookie']).toBe(`${cookie}; HttpOnly; SameSite=Strict; Path=/`)
})

test('the cookie lets in, by either name of the loopback', () => {
  expect(admit(door, '/upload?name=a%20b.csv', { host, cookie })).toMatchObject({ kind: 'admitted', path: '/upload' })
  expect(
    admit(door, '/', { host: 'localhost:4173', cookie: `other=1; ${cookie}`, origin: `http://${host}` }).kind
  ).toBe('admitted')
})

describe('refused', () => {
  test.each([
    ['no Host header', '/', { cookie }],
    ['a name rebound to this address', '/', { host: 'evil.example:4173', cookie }],
    ['another port', '/', { host: '127.0.0.1:4174', cookie }],
    ['all addresses', '/', { host: '0.0.0.0:4173', cookie }],
    ['a foreign origin', '/', { host, cookie, origin: 'https://evil.example' }],
    ['an origin on another port', '/', { host, cookie, origin: 'http://127.0.0.1:4174' }],
    ['an opaque origin', '/', { host, cookie, origin: 'null' }],
    ['no secret', '/', { host }],
    ['an empty secret', '/', { host, cookie: cookieOf({ ...door, secret: '' }) }],
    ['a wrong secret of the right length', '/', { host, cookie: cookieOf({ ...door, secret: createSecret() }) }],
    ['a start of the secret', '/', { host, cookie: cookie.slice(0, -1) }],
    ['the cookie of another port', '/', { host, cookie: cookieOf({ ...door, port: 4174 }) }],
    ['a wrong key, although the cookie is right', `/?key=${createSecret()}`, { host, cookie }],
    ['an empty key', '/?key=', { host }],
    ['the key on another path', `/upload?key=${door.secret}`, { host }]
  ])('%s', (_what, url, headers) => {
    const admission = admit(door, url, headers)
    expect(admission.kind).toBe('refused')
    expect(JSON.stringify(admission)).not.toContain(door.secret)
  })
})

test('each start has another secret of 256 bits', () => {
  const secrets = new Set(Array.from({ length: 100 }, createSecret))
  expect(secrets.size).toBe(100)
  for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
})
