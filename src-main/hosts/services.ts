/** What a host gives the lab: how to launch the engine, what it is able to do, and where its log goes. Types only. */
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import type { HostInfo } from '#contract/host.ts'

/** Why the engine process ended: `exit` was asked for or clean, `crash` was not. */
export interface EngineExit {
  readonly kind: 'exit' | 'crash'
  readonly code: number | null
  readonly signal: string | null
}

/** A running engine process, whatever kind of process it is. Messages are structured clones, in order. */
export interface EnginePort {
  post(message: ToEngine): void
  onMessage(listener: (message: FromEngine) => void): void
  onExit(listener: (exit: EngineExit) => void): void
  /** Asks it to end, and ends it after a second; resolves once it is gone. */
  stop(): Promise<void>
}

export type EngineLauncher = () => EnginePort

/** An uploaded file that the host keeps until it is released. */
export interface Upload {
  readonly path: string
  readonly name: string
}

/** A place that the host keeps for a file until the page has fetched it. */
export interface Download {
  readonly downloadId: string
  /** Where the lab is to write it. */
  readonly path: string
}

export interface HostServices {
  readonly name: HostInfo['name']
  readonly capabilities: HostInfo['capabilities']
  readonly launchEngine: EngineLauncher
  /** Finds an upload by its id; hosts without uploads leave it out. */
  readonly findUpload?: (uploadId: string) => Upload | null
  readonly releaseUpload?: (uploadId: string) => void
  /** Makes a place for a file that the page fetches by its id; hosts with a disk of the person's own leave it out. */
  readonly reserveDownload?: (name: string) => Promise<Download>
  /** Takes one line of the log; errors come with their stack. */
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void
  /** The repository's or the app's root: resources/, out/ and the migrations are below it. */
  readonly root: string
}
