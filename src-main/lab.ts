/**
 * The application without a host: opens a folder as a lab, and closes it again. parts.ts makes what is in it, router.ts puts
 * that behind the contract. Hosts mount `router` on their transport; the CLI and tests call `client`.
 */
import { join } from 'node:path'
import { readdir, rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRouterClient, type RouterClient } from '@orpc/server'
import { LabError } from '#contract/errors.ts'
import { cleanTemporary } from '#lab/datasets/temporary.ts'
import { makeFolder } from '#lab/hosts/make-folder.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createParts, type Parts } from '#lab/parts.ts'
import { createRouter, type Router } from '#lab/router.ts'
import { interruptActive } from '#lab/runs/interrupt-active.ts'
import { busyError, type Owner, type Ownership, takeOwnership } from '#lab/store/owner.ts'
import { folderProblem, isFullDisk, isWriteProblem } from '#lab/store/problems.ts'
import { openStore } from '#lab/store/store.ts'
import { interruptSweeps } from '#lab/sweeps/sweeps.ts'
import { cleanBundles } from '#lab/transfers/bundle/bundle.ts'

export { readOwner } from '#lab/store/owner.ts'

export interface Lab {
  readonly folder: string
  /** Why the lab can only be looked at; null where it can be changed. */
  readonly lookOnly: LabError | null
  /** The implemented contract, for the transports. */
  readonly router: Router
  /** Calls the contract directly, in this process. */
  readonly client: RouterClient<Router>
  /** Starts the engine before the first run asks for it. */
  startEngine(): void
  /** The same, and loads DuckDB before somebody looks at data; for hosts that stay. */
  warmUp(): void
  /** Goes on with the runs and sweeps that the end of the lab interrupted; for hosts that stay. */
  continueInterrupted(): void
  /** How many runs train or wait for their turn. */
  countActive(): number
  /** Tells other processes where they can join this one. */
  announce(address: NonNullable<Owner['address']>): void
  /** Stores what is in training, so that it can go on later, and lets go of the folder. */
  close(): Promise<void>
}

export interface LabOptions {
  /** Reads beside the process that owns the lab; whatever would change it is refused with `lab_busy`. */
  readonly readOnly?: boolean
  /**
   * Opens a lab whose folder or disk takes nothing more to look at it; whatever would change it is refused with the reason,
   * which `lookOnly` tells.
   */
  readonly canLookOnly?: boolean
}

/**
 * Opens the lab in a folder, making a new one where there is none.
 * Errors: throws LabError 'lab_busy' where another process owns it, and 'lab_unusable' with the reason where the
 * folder can't be written, or its store is damaged or from a newer version; it is left as it is then.
 */
export async function createLab(folder: string, services: HostServices, options: LabOptions = {}): Promise<Lab> {
  if (options.readOnly) return openLab(folder, services, null, busyError(folder))
  try {
    return await openOwned(folder, services)
  } catch (error) {
    if (!isWriteProblem(error)) throw error
    // What is written again when it is wanted may be the room that is lacking.
    if (isFullDisk(error) && (await makeRoom(folder))) return createLab(folder, services, options)
    if (!options.canLookOnly || !(error instanceof LabError)) throw error
    return await openLab(folder, services, null, error).catch(() => {
      throw error
    })
  }
}

async function openOwned(folder: string, services: HostServices): Promise<Lab> {
  await makeFolders(folder)
  const ownership = await takeOwnership(folder, services.name)
  try {
    return await openLab(folder, services, ownership, null)
  } catch (error) {
    ownership.release()
    throw error
  }
}

/** Deletes the prepared tables, which are written again when a run needs them; whether there were any. */
async function makeRoom(folder: string): Promise<boolean> {
  const prepared = join(folder, 'prepared')
  const names = await readdir(prepared).catch(() => [])
  await Promise.all(
    names.map((name) => rm(join(prepared, name), { recursive: true, force: true }).catch(() => undefined))
  )
  return names.length > 0
}

/** What is in a lab is for nobody else who has an account on the computer. */
async function makeFolders(folder: string): Promise<void> {
  try {
    for (const each of [folder, join(folder, 'datasets'), join(folder, 'prepared')]) await makeFolder(each, 0o700)
  } catch (error) {
    throw folderProblem(folder, error)
  }
}

async function openLab(
  folder: string,
  services: HostServices,
  ownership: Ownership | null,
  lookOnly: LabError | null
): Promise<Lab> {
  const { log } = services
  const store = await openStore({
    folder,
    migrationsFolder: join(services.root, 'src-main', 'store', 'migrations'),
    readOnly: ownership === null,
    suspicious: ownership?.wasUnclean ?? false
  })
  const parts = createParts({ folder, services, store, isOwned: ownership !== null })
  const { events, stream, prepared, library, strays } = parts
  if (ownership) {
    interruptActive(store, 'The lab ended while it was in training.')
    interruptSweeps(store)
    store.adoptions.clean()
    await Promise.all([
      prepared.clean(),
      library.clean(),
      cleanBundles(folder),
      strays.clean(),
      cleanTemporary(),
      cleanExchanged(folder)
    ])
  } else {
    // Nothing live reaches a reader: its streams end with what is stored.
    stream.close()
    events.close()
  }
  const router = createRouter(parts, lookOnly)
  let closed: Promise<void> | null = null
  return {
    folder,
    lookOnly,
    router,
    client: createRouterClient(router),
    startEngine: () => parts.engine.start(),
    warmUp() {
      parts.engine.start()
      parts.duckDb.warmUp()
    },
    continueInterrupted() {
      if (lookOnly || !parts.queue.resumes()) return
      parts.runs.continueInterrupted().catch((error: unknown) => log('error', `The runs wait: ${String(error)}`))
      parts.sweeps.continueInterrupted().catch((error: unknown) => log('error', `The sweeps wait: ${String(error)}`))
    },
    countActive() {
      const { training, waiting } = parts.runner.order()
      return training.length + waiting.length
    },
    announce: (address) => ownership?.announce(address),
    close: () => (closed ??= closeParts(parts, ownership))
  }
}

/** What a killed web host has left of files that were sent to it and from it: they are known by ids in its memory. */
async function cleanExchanged(folder: string): Promise<void> {
  for (const name of ['uploads', 'downloads']) await rm(join(folder, name), { recursive: true, force: true })
}

/** What removals have left, given back to the disk; what takes longer is left for the next time. */
async function shrink(store: Parts['store']): Promise<void> {
  for (const start = performance.now(); performance.now() - start < 300 && store.shrink();) await nextTurn()
}

/** A full disk must not keep the folder locked: what is not marked now is marked when the lab is opened again. */
async function closeRuns({ store, runner, conductor, servers, log }: Parts): Promise<void> {
  try {
    const { training, waiting } = runner.order()
    conductor.close()
    await servers.close()
    await runner.close()
    interruptActive(store, 'The lab was closed while it was in training.', [...training, ...waiting])
  } catch (error) {
    log('error', `The runs could not be marked as interrupted: ${String(error)}`)
  }
}

async function closeParts(parts: Parts, ownership: Ownership | null): Promise<void> {
  try {
    if (ownership) {
      await closeRuns(parts)
      await shrink(parts.store)
    }
    parts.references.close()
    await parts.rangeTests.close()
    await parts.lossSlices.close()
    parts.prepared.close()
    await parts.library.close()
    await parts.transfers.close()
    await parts.predictions.close()
    parts.announcer.close()
    parts.stream.close()
    parts.events.close()
    await parts.engine.close()
    await parts.duckDb.close()
  } finally {
    parts.store.close()
    ownership?.release()
  }
}
