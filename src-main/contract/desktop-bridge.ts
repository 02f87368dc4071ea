/**
 * What the desktop's preload puts on the page as `window.topologyLab`; absent in a browser, which is how the renderer
 * tells the hosts apart. Types and one constant, so that page and preload agree without knowing each other.
 */

/**
 * The `data` of the window message that brings the connection: `event.source === window`, `event.ports[0]` is the
 * port to give to oRPC's MessagePort link (call `start()` on it). A port can't be returned through the bridge itself.
 */
export const portMessage = 'topology-lab:port'

export interface DesktopBridge {
  readonly host: 'desktop'
  /** Asks for a new connection; listen for `portMessage` before calling it. An earlier connection is closed. */
  connect(): void
  /** The path of a dropped or chosen DOM `File`; empty where the file is not on a disk. */
  pathFor(file: object): string
  /** Shows the system's dialog for opening files; resolves to no paths when the person cancels. */
  chooseFiles(): Promise<string[]>
  /** Takes the paths of files that the system opens with the app, those that wait already at once. */
  takeOpenedFiles(take: (paths: string[]) => void): void
  /** Shows the system's dialog for saving under a name; resolves to null when the person cancels. */
  chooseTarget(name: string): Promise<string | null>
}
