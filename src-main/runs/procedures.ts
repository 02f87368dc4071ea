/** Runs, the queue they wait in, their curves, and tests of the learning rate. */
import { LabError } from '#contract/errors.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { MetricsStream } from '#lab/runs/metrics-stream.ts'
import type { Queue } from '#lab/runs/queue.ts'
import type { RangeTests } from '#lab/runs/range-tests.ts'
import type { Runs } from '#lab/runs/runs.ts'

export function runProcedures({ runs: os }: Implementer, runs: Runs, stream: MetricsStream) {
  return {
    start: os.start.handler(({ input }) => runs.start(input)),
    list: os.list.handler(({ input }) => runs.list(input.experimentId ?? null, input)),
    get: os.get.handler(({ input }) => runs.get(input.runId)),
    pause: os.pause.handler(({ input }) => runs.pause(input.runId)),
    resume: os.resume.handler(({ input }) => runs.resume(input.runId)),
    stop: os.stop.handler(({ input }) => runs.stop(input.runId)),
    update: os.update.handler(({ input: { runId, note } }) =>
      note === undefined ? runs.get(runId) : runs.annotate(runId, note)
    ),
    mark: os.mark.handler(({ input }) => runs.mark(input.runIds, input)),
    remove: os.remove.handler(({ input }) => runs.remove(input.runIds)),
    curves: os.curves.handler(({ input }) => stream.read(input)),
    metrics: os.metrics.handler(({ input, lastEventId, signal }) =>
      stream.follow(input, sequenceOf(lastEventId), signal)
    ),
    details: os.details.handler(({ input }) => runs.details(input.runId)),
    kept: os.kept.handler(({ input }) => runs.kept(input.runId)),
    weights: os.weights.handler(({ input }) => runs.weights(input.runId, input.which))
  }
}

export function queueProcedures({ queue: os }: Implementer, queue: Queue) {
  return {
    get: os.get.handler(() => queue.state()),
    move: os.move.handler(({ input }) => queue.move(input.runId, input.to)),
    set: os.set.handler(({ input }) => queue.set(input))
  }
}

export function rangeTestProcedures({ rangeTests: os }: Implementer, rangeTests: RangeTests) {
  return { run: os.run.handler(({ input, signal }) => rangeTests.run(input, signal)) }
}

function sequenceOf(lastEventId: string | undefined): number {
  const sequence = Number(lastEventId ?? 0)
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence
  throw new LabError('bad_settings', `"${lastEventId}" is no event id of this stream.`)
}
