/** The lab's end of an engine process, whatever kind of process it is: told apart are its end and its death. */
import type { FromEngine, ToEngine } from '#engine/process/protocol.ts'
import type { EngineExit, EnginePort } from '#lab/hosts/services.ts'

/** What the platform gives of a process that was started. */
export interface EngineChild {
  /** A process that is dying or gone takes no more messages: they are lost without a word. */
  readonly send: (message: ToEngine) => void
  readonly onMessage: (listener: (message: FromEngine) => void) => void
  /** Calls back once, after the last message; `isLost` where it never started. */
  readonly onGone: (listener: (code: number | null, signal: NodeJS.Signals | null, isLost?: boolean) => void) => void
  /** Ends it whatever it does. */
  readonly kill: () => void
}

/** How long the process may take to end by itself. */
const graceMs = 1000

/** Makes the port of a process. */
export function portOf({ send, onMessage, onGone, kill }: EngineChild): EnginePort {
  let isAsked = false
  const gone = new Promise<EngineExit>((resolve) => {
    onGone((code, signal, isLost = false) => {
      resolve({ kind: !isLost && (isAsked || code === 0) ? 'exit' : 'crash', code, signal })
    })
  })
  return {
    post: send,
    onMessage,
    onExit: (listener) => void gone.then(listener),
    async stop() {
      isAsked = true
      send({ type: 'shutdown' })
      const force = setTimeout(kill, graceMs)
      await gone
      clearTimeout(force)
    }
  }
}
