/** The window. */
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { join } from 'node:path'
import { origin } from '#lab/desktop/scheme.ts'

/** Opens a window on our page; it shows itself once there is something to see. */
export function openWindow(
  Window: new (options: BrowserWindowConstructorOptions) => BrowserWindow,
  appRoot: string
): BrowserWindow {
  const window = new Window({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Topology Lab',
    icon: join(appRoot, 'resources', 'icons', 'icon.png'),
    webPreferences: {
      preload: join(appRoot, 'out', 'preload', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false
    }
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${origin}/`)
  return window
}
