/** Values of a graph while it is read. */
import type { ReadConstant } from '#lab/models/onnx/decode.ts'
import { type Expression, settle, sums } from '#lab/models/onnx-import/expressions.ts'
import type { Step } from '#lab/models/onnx-import/steps.ts'

/** A computed tensor: the steps to it, and what is made of them since, until a layer follows. */
export interface Flow {
  readonly kind: 'flow'
  readonly inputs: readonly string[]
  readonly steps: readonly Step[]
  readonly expression: Expression
}

export type Value =
  | Flow
  | { readonly kind: 'constant'; readonly constant: ReadConstant }
  /** The number of rows or columns of a computed tensor, and what is reckoned of it. */
  | { readonly kind: 'shape' }
  | { readonly kind: 'label' }

/** The flow with all that is made of its sums as steps, or why that can't be. */
export function settleFlow(flow: Flow): Flow | string {
  const units = flow.steps.findLast((step) => step.type === 'dense')?.units ?? flow.inputs.length
  const steps = settle(flow.expression, units)
  if (typeof steps === 'string') return steps
  return steps.length === 0 ? flow : { ...flow, steps: [...flow.steps, ...steps], expression: sums }
}
