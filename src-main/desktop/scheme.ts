/** The app's own scheme: the page has an origin of its own instead of the rights of file://. */
import type { Protocol } from 'electron'
import { createStaticFiles, securityHeaders } from '#lab/hosts/static-files.ts'

const scheme = 'app'
const host = 'lab'

export const origin = `${scheme}://${host}`

/** Makes the scheme a standard and secure one; has to come before the app is ready. */
export function registerScheme(protocol: Protocol): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }])
}

/** Answers the scheme with the files of `folder`; another host or method than GET finds nothing. */
export function serveScheme(protocol: Protocol, folder: string): void {
  const serveFile = createStaticFiles(folder, securityHeaders())
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url)
    if (url.host !== host) return new Response(null, { status: 404 })
    if (request.method !== 'GET') return new Response(null, { status: 405 })
    const { body, status, headers } = await serveFile(url.pathname)
    return new Response(body, { status, headers })
  })
}
