/** Where the lab is when nobody says otherwise: one folder for all hosts, in the system's manner. */
import { existsSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, posix, resolve, win32 } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * Names the default lab folder of a system. On Windows it is one that stays on the computer: what roams is copied over the
 * network at every log-on.
 * A relative XDG_DATA_HOME is ignored, as the XDG Base Directory Specification asks.
 */
export function defaultLabFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home = homedir()
): string {
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'Topology Lab')
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Topology Lab')
  const data = env['XDG_DATA_HOME']
  return posix.join(data && posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share'), 'topology-lab')
}

/** Where earlier versions had the default lab; null where it is the same. */
export function earlierLabFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home = homedir()
): string | null {
  if (platform !== 'win32') return null
  return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Topology Lab')
}

/**
 * Moves the lab of an earlier version to where it belongs now, and names the folder to open: the earlier one where it can
 * not be moved, as while a program has it open. `say` gets a sentence where it was moved.
 */
export function settleLabFolder(folder: string, earlier: string | null, say: (sentence: string) => void): string {
  if (earlier === null || existsSync(folder) || !existsSync(join(earlier, 'lab.sqlite'))) return folder
  try {
    renameSync(earlier, folder)
  } catch {
    return earlier
  }
  say(`Your lab was moved from ${earlier} to ${folder}, which stays on this computer.`)
  return folder
}

/** The lab folder when nobody names one, with the lab of an earlier version moved to it; `say` tells of that. */
export function usualLabFolder(say: (sentence: string) => void): string {
  return settleLabFolder(defaultLabFolder(), earlierLabFolder(), say)
}

/** Where the desktop keeps Chromium's own files: out of the lab, which can be copied and deleted as a whole. */
export function windowFilesFolder(
  appData: string,
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env
): string {
  return join((platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ?? appData, 'Topology Lab Window')
}

/** The folder of `--lab DIR` among arguments that are not all ours (Electron and Chromium add their own), if it is there. */
export function chosenLabFolder(args: readonly string[]): string | null {
  const { lab } = parseArgs({ args: [...args], options: { lab: { type: 'string' } }, strict: false }).values
  return typeof lab === 'string' ? resolve(lab) : null
}
