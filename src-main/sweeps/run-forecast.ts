/** What one run would take before it is started: time an epoch from this machine's measured speed, and memory. */
import { multiplyAdds } from '#engine/network/topology.ts'
import { arenaBytes } from '#engine/training/open-training.ts'
import type { RunForecast, RunForecastRequest } from '#contract/runs.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import { forecastEpoch } from '#lab/sweeps/forecast.ts'
import { checkTrainable, topologyFor } from '#lab/runs/trainable.ts'
import type { Store } from '#lab/store/store.ts'

/**
 * Forecasts one run.
 * Errors: LabError 'not_found' for an unknown experiment, 'bad_settings' for what can't be trained.
 */
export function forecastRun(
  store: Store,
  experiments: Experiments,
  { experimentId, hidden, plan }: RunForecastRequest
): RunForecast {
  const experiment = experiments.find(experimentId)
  const topology = topologyFor(experiment, hidden)
  checkTrainable(experiment, topology, plan)
  const { train } = experiment.rowCounts
  const history = store.runs
    .speeds()
    .map((run) => ({ multiplyAdds: multiplyAdds(run.topology), samplesPerSecond: run.samplesPerSecond }))
  const { seconds, basis } = forecastEpoch({ multiplyAdds: multiplyAdds(topology), samples: train }, history)
  return { secondsPerEpoch: seconds, basis, memoryBytes: arenaBytes(topology, plan, train) }
}
