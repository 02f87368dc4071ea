import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStaticFiles, resolveInside, securityHeaders } from '#lab/hosts/static-files.ts'

let base: string
let serve: ReturnType<typeof createStaticFiles>

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'static-'))
  mkdirSync(join(base, 'page', 'assets'), { recursive: true })
  writeFileSync(join(base, 'secret.txt'), 'outside')
  writeFileSync(join(base, 'page', 'index.html'), '<!doctype html>')
  writeFileSync(join(base, 'page', 'assets', 'app-1a2b.js'), 'export {}')
  writeFileSync(join(base, 'page', '.hidden'), 'hidden')
  mkdirSync(join(base, 'outside'))
  writeFileSync(join(base, 'outside', 'secret.txt'), 'outside')
  symlinkSync(join(base, 'outside'), join(base, 'page', 'link'), 'junction')
  serve = createStaticFiles(join(base, 'page'), securityHeaders())
})
afterAll(() => rmSync(base, { recursive: true }))

test('/ is index.html, never kept by the browser', async () => {
  const answer = await serve('/')
  expect(answer.status).toBe(200)
  expect(new TextDecoder().decode(answer.body)).toBe('<!doctype html>')
  expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
})

test('files with a hash in their name are kept', async () => {
  const answer = await serve('/assets/app-1a2b.js')
  expect(answer.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'private, max-age=31536000, immutable'
  })
})

describe('what is not inside gets a 404 and none of its bytes', () => {
  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2E%2E%2Fsecret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '/%5c..%5csecret.txt',
    '//etc/passwd',
    '/C:/Windows/win.ini',
    '/index.html::$DATA',
    '/index.html%00.js',
    '/%E0%A4%A',
    '/.hidden',
    '/link/secret.txt',
    '/assets',
    '/missing.js',
    'secret.txt'
  ])('%s', async (path) => {
    const answer = await serve(path)
    expect(answer.status).toBe(404)
    expect(new TextDecoder().decode(answer.body)).toBe('There is no such file.\n')
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'")
  })
})

test('a path that is fine resolves below the folder', () => {
  expect(resolveInside('page', '/assets/app%20one.js')).toBe(join('page', 'assets', 'app one.js'))
})
