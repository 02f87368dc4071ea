/** THE contract between renderer, CLI and lab: one router, mounted on every transport. */
import { datasets } from '#contract/datasets.ts'
import { experiments } from '#contract/experiments.ts'
import { host } from '#contract/host.ts'
import { runs } from '#contract/runs.ts'

export const contract = { host, datasets, experiments, runs }

export type Contract = typeof contract
