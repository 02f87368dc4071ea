/** Sweeps, and what runs and sweeps will cost. */
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { Store } from '#lab/store/store.ts'
import { forecastRun } from '#lab/sweeps/run-forecast.ts'
import type { Sweeps } from '#lab/sweeps/sweeps.ts'
import type { TrainsOn } from '#lab/sweeps/train-on.ts'

export function sweepProcedures({ sweeps: os }: Implementer, sweeps: Sweeps, trainsOn: TrainsOn) {
  return {
    forecast: os.forecast.handler(({ input }) => sweeps.forecast(input)),
    start: os.start.handler(({ input }) => sweeps.start(input)),
    plan: os.plan.handler(({ input }) => sweeps.plan(input)),
    list: os.list.handler(({ input }) => sweeps.list(input.experimentId ?? null)),
    get: os.get.handler(({ input }) => sweeps.get(input.sweepId)),
    trainOn: os.trainOn.handler(({ input }) => trainsOn(input)),
    retry: os.retry.handler(({ input }) => sweeps.retry(input.sweepId)),
    pause: os.pause.handler(({ input }) => sweeps.pause(input.sweepId)),
    resume: os.resume.handler(({ input }) => sweeps.resume(input.sweepId)),
    stop: os.stop.handler(({ input }) => sweeps.stop(input.sweepId))
  }
}

/** `runs.forecast`: reads what trained before, as a sweep's forecast does. */
export function runForecastProcedures({ runs: os }: Implementer, store: Store, experiments: Experiments) {
  return { forecast: os.forecast.handler(({ input }) => forecastRun(store, experiments, input)) }
}
