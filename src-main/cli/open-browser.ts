/** Opens the system's browser where there is a display to show it on. */
import { spawn } from 'node:child_process'

/** Opens an address; does nothing without a display. A browser that won't start is no failure: the address stands there. */
export function openBrowser(address: string): void {
  const command = browserCommand(process.platform, process.env, address)
  if (!command) return
  const [program, ...args] = command
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

/** Names the program and arguments that open an address on a system; null where nobody could see it. */
export function browserCommand(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  address: string
): [program: string, ...args: string[]] | null {
  if (platform === 'darwin') return ['open', address]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address]
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', address] : null
}
