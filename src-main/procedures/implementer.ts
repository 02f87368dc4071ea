/**
 * The contract with what holds for every procedure: who may call it, and how its failures leave. Each room implements its
 * own entries with it, beside its service; lab.ts puts them together.
 */
import { implement } from '@orpc/server'
import { contract } from '#contract/contract.ts'
import type { LabError } from '#contract/errors.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { toContractError } from '#lab/procedures/contract-errors.ts'

export interface Admission {
  /** What a call that would change a lab which is only read is refused with; null where the lab is our own. */
  readonly readOnly: LabError | null
  readonly log: HostServices['log']
}

/** Errors: every failure of a procedure leaves as a code of the closed list. */
export function createImplementer({ readOnly, log }: Admission) {
  return implement(contract).use(async ({ next, procedure }) => {
    try {
      if (readOnly && !procedure['~orpc'].meta.reads) throw readOnly
      return await next()
    } catch (error) {
      throw toContractError(error, log)
    }
  })
}

/** What rooms implement their procedures with. */
export type Implementer = ReturnType<typeof createImplementer>
