/** Learning-rate range tests of an experiment: each a job that lives as long as somebody follows it. */
import type { RangeTestItem } from '#contract/range-test.ts'
import { LabError } from '#contract/errors.ts'
import type { Layer } from '#engine/network/topology.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'
import { rangeTestProblem } from '#engine/training/rate-range.ts'
import type { EngineHost } from '#lab/engine/host.ts'
import type { Experiments } from '#lab/experiments/experiments.ts'
import type { PreparedTables } from '#lab/experiments/prepared-tables.ts'
import { checkTrainable, topologyFor } from '#lab/runs/trainable.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { createJobs } from '#lab/streams/jobs.ts'

export interface RangeTestRequest {
  readonly experimentId: number
  readonly hidden: readonly Layer[]
  readonly plan: TrainingPlan
  readonly seed: number
  readonly low: number
  readonly high: number
  readonly steps: number
}

export interface RangeTests {
  /** Follows a new test to its last item; the test is cancelled when its follower goes. */
  run(request: RangeTestRequest, signal: AbortSignal | undefined): AsyncGenerator<RangeTestItem, void, void>
  close(): Promise<void>
}

export interface RangeTestsOptions {
  readonly experiments: Experiments
  readonly prepared: PreparedTables
  readonly engine: EngineHost
  readonly log: HostServices['log']
}

/**
 * Creates the service.
 * Errors: run() throws LabError 'not_found' for an unknown experiment and 'bad_settings' with the field for a topology,
 * plan or range that can't be tested; what happens later is the last item.
 */
export function createRangeTests({ experiments, prepared, engine, log }: RangeTestsOptions): RangeTests {
  const jobs = createJobs<RangeTestItem>()

  function begin(
    { experimentId, hidden, plan, seed, ...range }: RangeTestRequest,
    follower: AbortSignal | undefined
  ): AsyncGenerator<RangeTestItem, void, void> {
    const experiment = experiments.find(experimentId)
    const topology = topologyFor(experiment, hidden)
    checkTrainable(experiment, topology, plan)
    const problem = rangeTestProblem(plan, range)
    if (problem !== null) throw new LabError('bad_settings', problem, { field: 'optimizer.learningRate' })

    async function test(report: (item: RangeTestItem) => void, signal: AbortSignal): Promise<RangeTestItem> {
      const table = await prepared.prepare(experiment)
      await engine.loadDataset(table)
      try {
        const request = { datasetId: table.id, topology, plan, seed, range }
        const progress = (done: number) => report({ type: 'progress', done, of: range.steps })
        return { type: 'done', result: await engine.testRates(request, progress, signal) }
      } finally {
        engine.releaseDataset(table.id)
      }
    }

    return jobs.whileFollowed(
      (report, signal) =>
        test(report, signal).catch((error: unknown): RangeTestItem => {
          if (error instanceof LabError) return { type: 'failed', message: error.message }
          log('error', `Range test: ${error instanceof Error ? error.stack : String(error)}`)
          return { type: 'failed', message: 'The test ended by an unexpected error; the log tells more.' }
        }),
      follower
    )
  }

  return {
    run: begin,
    close: () => jobs.close()
  }
}
