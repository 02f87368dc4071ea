/**
 * Keeps one engine process alive: launches it when it is needed, restarts it when it ends, gives it up when it ends too
 * often. Knows of the protocol only when the process is ready.
 */
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import { LabError } from '#contract/errors.ts'
import type { EngineExit, EngineLauncher, EnginePort, HostServices } from '#lab/hosts/services.ts'

/** `threads` is 0 until the engine has been ready once; `message` is a sentence for `restarting` and `failed`. */
export interface EngineStatus {
  readonly state: 'starting' | 'ready' | 'restarting' | 'failed'
  readonly threads: number
  readonly message: string | null
}

export interface SupervisorOptions {
  readonly launch: EngineLauncher
  readonly log: HostServices['log']
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly onMessage: (message: FromEngine) => void
  readonly onStatus: (status: EngineStatus) => void
  /** The process died, and all that was in it, for the reason of the sentence. */
  readonly onLost: (message: string) => void
}

/** The engine is given up when it ends this often within a minute: then restarting only burns power. */
const endsBeforeGivingUp = 5
const minuteMs = 60_000
/** The first restart is at once; each further one within the minute waits twice as long as the one before. */
const firstDelayMs = 250

export class Supervisor {
  readonly #options: SupervisorOptions
  #port: EnginePort | null = null
  #current: EngineStatus = { state: 'starting', threads: 0, message: null }
  #waitingForReady: ToEngine[] = []
  #restartTimer: NodeJS.Timeout | null = null
  #ends: number[] = []
  #closedBecause: string | null = null

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  status(): EngineStatus {
    return this.#current
  }

  /** Whether there is a process, ready or not. */
  isUp(): boolean {
    return this.#port !== null
  }

  /** Starts the process before it is needed, or again after it was given up. */
  start(): void {
    if (this.#closedBecause !== null || this.#port || this.#restartTimer) return
    this.#ends = []
    this.#become('starting', null)
    this.#launch()
  }

  /**
   * Sends a message, once the process is ready; starts it where there is none.
   * Errors: LabError 'engine' with the reason when it was given up or closed.
   */
  post(message: ToEngine): void {
    if (this.#closedBecause !== null) throw new LabError('engine', this.#closedBecause)
    const { state, message: reason } = this.#current
    if (state === 'failed') throw new LabError('engine', reason ?? 'The training engine has failed.')
    this.start()
    if (this.#current.state === 'ready' && this.#port) this.#port.post(message)
    else this.#waitingForReady.push(message)
  }

  /** Ends the process for good; what is posted from here on is refused with the sentence. */
  async close(because: string): Promise<void> {
    this.#closedBecause = because
    if (this.#restartTimer) clearTimeout(this.#restartTimer)
    await this.#port?.stop()
  }

  #become(state: EngineStatus['state'], message: string | null, threads = this.#current.threads): void {
    this.#current = { state, threads, message }
    this.#options.onStatus(this.#current)
  }

  #launch(): void {
    this.#restartTimer = null
    const launched = this.#options.launch()
    this.#port = launched
    launched.onMessage((message) => {
      if (message.type === 'ready') this.#ready(message.threads)
      else this.#options.onMessage(message)
    })
    launched.onExit((exit) => {
      if (this.#port === launched) this.#ended(exit)
    })
  }

  #ready(threads: number): void {
    this.#become('ready', null, threads)
    this.#waitingForReady.splice(0).forEach((waiting) => this.#port?.post(waiting))
  }

  #ended(exit: EngineExit): void {
    const { now, log } = this.#options
    this.#port = null
    if (this.#closedBecause !== null) return
    const time = now()
    this.#ends = [...this.#ends.filter((end) => time - end < minuteMs), time]
    const count = this.#ends.length
    const cause = describeExit(exit)
    log('error', cause)
    if (count >= endsBeforeGivingUp) {
      const message = `${cause} It did so ${count} times within a minute and is not started again.`
      this.#become('failed', message)
      return this.#lose(message)
    }
    const message = `${cause} It is being restarted.`
    this.#restartTimer = setTimeout(() => this.#launch(), count === 1 ? 0 : firstDelayMs * 2 ** (count - 2))
    this.#become('restarting', message)
    this.#lose(message)
  }

  #lose(message: string): void {
    this.#waitingForReady = []
    this.#options.onLost(message)
  }
}

function describeExit({ kind, code, signal }: EngineExit): string {
  if (kind === 'exit') return 'The training engine ended without being asked to.'
  const cause = signal ?? (code === null ? null : `exit code ${code}`)
  return `The training engine crashed${cause === null ? '' : ` (${cause})`}.`
}
