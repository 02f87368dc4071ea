/** The web host: a lab of its own, its server and its uploads, started and stopped together. */
import { join } from 'node:path'
import { LabError } from '#contract/errors.ts'
import { createEngineLauncher } from '#lab/engine/launcher.ts'
import { createLab, readOwner } from '#lab/lab.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createLogFile } from '#lab/hosts/log-file.ts'
import { addressOf, type Door } from '#lab/web/admission.ts'
import { createDownloads } from '#lab/web/downloads.ts'
import { startWebServer } from '#lab/web/server.ts'
import { createUploads } from '#lab/web/uploads.ts'

/** More than any table that fits the memory the app allows itself, less than what fills a disk by accident. */
const maxUploadBytes = 8 * 2 ** 30

export interface WebHostOptions {
  /** The repository's or the app's root. */
  readonly root: string
  readonly labFolder: string
  /** 0 takes any free port. */
  readonly port: number
  /** Threads of the engine; left out, a thread a core. */
  readonly threads?: number
}

export interface WebHost {
  readonly door: Door
  /** The address to open, with its key. */
  readonly address: string
  /** Why the lab can only be looked at; null where it can be changed. */
  readonly lookOnly: LabError | null
  /** Takes leave of the pages and closes the lab: running runs are left to be resumed. */
  close(): Promise<void>
}

/**
 * Starts the web host and tells other processes where to join it.
 * Errors: LabError as createLab() throws it; 'conflict' where the port can't be had.
 */
export async function startWebHost({ root, labFolder, port, threads }: WebHostOptions): Promise<WebHost> {
  const log = createLogFile(labFolder)
  const uploads = createUploads(labFolder, maxUploadBytes)
  const downloads = createDownloads(labFolder)
  const services: HostServices = {
    name: 'web',
    capabilities: { nativeFiles: false, uploads: true },
    launchEngine: createEngineLauncher({ root, threads }, log),
    findUpload: uploads.find,
    releaseUpload: uploads.release,
    reserveDownload: downloads.reserve,
    log,
    root
  }
  const lab = await createLab(labFolder, services, { canLookOnly: true })
  try {
    const folder = join(root, 'out', 'renderer')
    const server = await startWebServer({ router: lab.router, uploads, downloads, folder, port })
    const { door } = server
    lab.warmUp()
    lab.continueInterrupted()
    lab.announce({ url: `http://127.0.0.1:${door.port}`, secret: door.secret })
    return {
      door,
      address: addressOf(door),
      lookOnly: lab.lookOnly,
      async close() {
        await server.close()
        await lab.close()
      }
    }
  } catch (error) {
    await lab.close()
    throw portProblem(error, port)
  }
}

/** The address of the web host that has the lab now, with its key; null where none has. */
export function addressOfOwner(labFolder: string): string | null {
  const address = readOwner(labFolder)?.address
  return address ? addressOf({ port: Number(new URL(address.url).port), secret: address.secret }) : null
}

function portProblem(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') return new LabError('conflict', `Port ${port} is in use; choose another one with --port.`)
  if (code === 'EACCES')
    return new LabError('conflict', `Port ${port} needs rights you don't have; choose another one.`)
  return error
}
