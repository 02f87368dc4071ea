/** The two kinds of procedures. Each entry of the contract begins with one of them, so that none can be forgotten. */
import { oc } from '@orpc/contract'

export interface ProcedureMeta {
  /** Changes nothing in the lab: a reader beside the process that owns it may call it as well. */
  readonly reads: boolean
}

const procedure = oc.$meta<ProcedureMeta>({ reads: false })

/** Looks at the lab, or writes outside of it. */
export const reading = procedure.meta({ reads: true })

/** Changes the lab; refused with `lab_busy` beside the process that owns it. */
export const changing = procedure
