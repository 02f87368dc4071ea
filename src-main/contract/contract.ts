/** THE contract between renderer, CLI and lab: one router, mounted on every transport. */
import type { ContractRouterClient } from '@orpc/contract'
import { choice } from '#contract/choice.ts'
import { datasets } from '#contract/datasets.ts'
import { diagnostics } from '#contract/diagnostics.ts'
import { experiments } from '#contract/experiments.ts'
import { exports } from '#contract/exports.ts'
import { host } from '#contract/host.ts'
import { models } from '#contract/models.ts'
import { predictions } from '#contract/predictions.ts'
import { rangeTests } from '#contract/range-test.ts'
import { queue } from '#contract/queue.ts'
import { report } from '#contract/report.ts'
import { runs } from '#contract/runs.ts'
import { selection } from '#contract/selection.ts'
import { sweeps } from '#contract/sweeps.ts'
import { transfers } from '#contract/transfers.ts'
import { understand } from '#contract/understand.ts'

export const contract = {
  host,
  datasets,
  experiments,
  runs,
  queue,
  sweeps,
  selection,
  choice,
  diagnostics,
  report,
  understand,
  exports,
  predictions,
  models,
  transfers,
  rangeTests
}

export type Contract = typeof contract

/** What a client of the lab calls, whatever the transport. */
export type ContractClient = ContractRouterClient<Contract>
