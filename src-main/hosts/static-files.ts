/**
 * The renderer's built files for any host: one resolver from URL path to file, one set of headers.
 * Knows neither HTTP nor Electron; the web host and the desktop's scheme turn its answers into theirs.
 */
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

export interface StaticAnswer {
  readonly status: 200 | 404
  readonly headers: Record<string, string>
  readonly body: Uint8Array<ArrayBuffer>
}

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2'
}

/**
 * Lists the headers that every answer of a host carries: nothing from elsewhere is loaded, framed or told of.
 * `connect` are the sources that the page may talk to beside its own origin.
 */
export function securityHeaders(connect: readonly string[] = []): Record<string, string> {
  const policy = {
    'default-src': "'self'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'connect-src': ["'self'", ...connect].join(' '),
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'"
  }
  return {
    'content-security-policy': Object.entries(policy)
      .map((directive) => directive.join(' '))
      .join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer'
  }
}

/**
 * Makes the function that answers a URL path with a file of `folder`: `/` is index.html.
 * Errors: none for a path; what is missing, malformed or outside the folder (also through a link) gets a 404.
 */
export function createStaticFiles(folder: string, headers: Record<string, string>) {
  return async (urlPath: string): Promise<StaticAnswer> => {
    const path = resolveInside(folder, urlPath)
    const body = path === null ? null : await readInside(folder, path)
    if (path === null || body === null) {
      const text = new TextEncoder().encode('There is no such file.\n')
      return { status: 404, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: text }
    }
    const type = contentTypes[extname(path).toLowerCase()] ?? 'application/octet-stream'
    // Names in assets/ carry a hash of their content; everything else may change with the next build.
    const cache = urlPath.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store'
    return { status: 200, headers: { ...headers, 'content-type': type, 'cache-control': cache }, body }
  }
}

/**
 * Resolves a URL path to a path inside the folder, without looking at the disk.
 * Refuses (null): malformed escapes, parent and hidden segments, backslashes, colons (drives, streams) and NUL.
 */
export function resolveInside(folder: string, urlPath: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  // eslint-disable-next-line no-control-regex -- NUL ends a path for the system, but not for JavaScript
  if (!decoded.startsWith('/') || /[\\:\u0000]/.test(decoded)) return null
  if (decoded === '/') return join(folder, 'index.html')
  const segments = decoded.slice(1).split('/')
  if (segments.some((segment) => segment === '' || segment.startsWith('.'))) return null
  return join(folder, ...segments)
}

async function readInside(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(path)])
    return real.startsWith(root + sep) ? await readFile(real) : null
  } catch {
    return null
  }
}
