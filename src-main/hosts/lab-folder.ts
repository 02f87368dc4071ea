/** Where the lab is when nobody says otherwise: one folder for all hosts, in the system's manner. */
import { homedir } from 'node:os'
import { posix, resolve, win32 } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * Names the default lab folder of a system.
 * A relative XDG_DATA_HOME is ignored, as the XDG Base Directory Specification asks.
 */
export function defaultLabFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home = homedir()
): string {
  if (platform === 'win32') {
    return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Topology Lab')
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Topology Lab')
  const data = env['XDG_DATA_HOME']
  return posix.join(data && posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share'), 'topology-lab')
}

/** The folder of `--lab DIR` among arguments that are not all ours (Electron and Chromium add their own), if it is there. */
export function chosenLabFolder(args: readonly string[]): string | null {
  const { lab } = parseArgs({ args: [...args], options: { lab: { type: 'string' } }, strict: false }).values
  return typeof lab === 'string' ? resolve(lab) : null
}
