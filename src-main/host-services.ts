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

export interface HostServices {
  readonly name: HostInfo['name']
  readonly capabilities: HostInfo['capabilities']
  readonly launchEngine: EngineLauncher
  /** Finds an upload by its id; hosts without uploads leave it out. */
  readonly findUpload?: (uploadId: string) => Upload | null
  readonly releaseUpload?: (uploadId: string) => void
  /** Takes one line of the log; errors come with their stack. */
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void
  /** The repository's or the app's root: resources/, out/ and the migrations are below it. */
  readonly root: string
}
