/** Keeps long loops of JavaScript from holding up the process: they let other work in every few milliseconds. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest piece of work between two turns of the event loop. */
const pieceMs = 4

/** Creates a function to await between small pieces of work; it gives way once the time of a piece has passed. */
export function createPause(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < pieceMs) return undefined
    return nextTurn().then(() => {
      since = performance.now()
    })
  }
}
