/** Compiles where the references know every optimizer and schedule of the tables. */
import type { ReferenceOptimizer } from '#engine/kernels/reference/optimizers.ts'
import type { ReferenceSchedule } from '#engine/kernels/reference/schedules.ts'
import type { LbfgsOptimizer, Optimizer } from '#engine/training/optimizers.ts'
import type { ScheduleName } from '#engine/training/schedules.ts'

/** L-BFGS has a reference of its own, and so has what a plateau does. */
export const optimizer = (given: Exclude<Optimizer, LbfgsOptimizer>): ReferenceOptimizer => given
export const schedule = (given: Exclude<ScheduleName, 'plateau'>): ReferenceSchedule['name'] => given
