/** The host's services for tests that open a lab in this process: a real engine, started from source. */
import { resolve } from 'node:path'
import { createEngineLauncher } from '#lab/engine/launcher.ts'
import type { HostServices } from '#lab/hosts/services.ts'

export const root = resolve(import.meta.dirname, '..')

/** Makes services that write what goes wrong to stderr. */
export function createServices(name: HostServices['name']): HostServices {
  const log: HostServices['log'] = (level, message) => {
    if (level !== 'info') process.stderr.write(`${level}: ${message}\n`)
  }
  return {
    name,
    capabilities: { nativeFiles: name !== 'web', uploads: name === 'web' },
    launchEngine: createEngineLauncher({ root, threads: 1 }, log),
    log,
    root
  }
}
