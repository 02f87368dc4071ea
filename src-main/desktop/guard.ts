/** What a page may not do, and whose messages count: Electron's security checklist, denied by default. */
import type { Session, WebContents, WebFrameMain } from 'electron'
import { origin } from '#lab/desktop/scheme.ts'
import { isOfOrigin } from '#lab/hosts/own-origin.ts'

/** Denies every permission; Electron grants them all where nothing is set. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}

/** Keeps a page on its own origin and without further windows or webviews. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => stay(event))
  contents.on('will-frame-navigate', (event) => stay(event))
  contents.on('will-redirect', (event) => stay(event))
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Tells whether a message came from the main frame of our own page; a destroyed frame is nobody's. */
export function isOwnFrame(frame: WebFrameMain | null): frame is WebFrameMain {
  return frame !== null && frame.parent === null && isOfOrigin(frame.url, origin)
}

function stay(event: { readonly url: string; preventDefault(): void }): void {
  if (!isOfOrigin(event.url, origin)) event.preventDefault()
}
