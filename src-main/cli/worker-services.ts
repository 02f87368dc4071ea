/** The services of a worker: an engine, and nothing of a lab. */
import { createEngineInProcess } from '#lab/engine/in-process.ts'

/** What the engine of a worker needs: it has no lab, and so no log of its own. */
export function workerServices(root: string, threads: number, say: (sentence: string) => void) {
  const log = (level: string, message: string) => {
    if (level === 'error') say(message)
  }
  return { launchEngine: createEngineInProcess({ root, threads }, log), log }
}
