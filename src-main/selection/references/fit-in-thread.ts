/** Fits reference models in a thread of their own, which nothing waits for but who asked. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FitAnswer, FitRequest } from '#lab/selection/references/worker.ts'

/** What takes longer is given up: a forest on a busy machine. */
const mostMs = 180_000

export interface Fitting {
  /** The answers that came; fewer than were asked for where the time was over, or stop() was called. */
  readonly answers: Promise<FitAnswer[]>
  stop(): void
}

/** Starts the thread; `root` is the repository's or the app's. */
export function fitInThread(root: string, request: Omit<FitRequest, 'kernelsFile'>): Fitting {
  // From source (tests) it is the TypeScript file, from a bundle the built one.
  const fromSource = import.meta.url.endsWith('.ts')
  const path = fromSource
    ? ['src-main', 'selection', 'references', 'worker.ts']
    : ['out', 'main', 'references-worker.js']
  const kernelsFile = join(root, 'out', 'wasm', 'kernels.wasm')
  const worker = new Worker(join(root, ...path), { workerData: { ...request, kernelsFile }, execArgv: [] })
  const timer = setTimeout(stop, mostMs)
  const { promise, resolve, reject } = Promise.withResolvers<FitAnswer[]>()
  const answers: FitAnswer[] = []
  worker.on('message', (answer: FitAnswer) => answers.push(answer))
  worker.once('error', reject)
  worker.once('exit', () => {
    clearTimeout(timer)
    resolve(answers)
  })

  function stop(): void {
    void worker.terminate()
  }

  return { answers: promise, stop }
}
