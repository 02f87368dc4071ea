/** Finds where numbers stopped being finite, and says what to try. */
import type { ArenaMap } from '#engine/kernels/arena.ts'
import type { Program } from '#engine/kernels/program.ts'
import type { Divergence } from '#engine/training/outcome.ts'
import type { TrainingPlan } from '#engine/training/plan.ts'

/**
 * Looks for the first layer with weights, then outputs, that are not finite; where there is none, the loss itself is it.
 * Units: epoch counts from 1.
 */
export function diagnose(program: Program, map: ArenaMap, plan: TrainingPlan, epoch: number): Divergence {
  const hasNonFinite = (offset: number, count: number) => !program.floats(offset, count).every(Number.isFinite)
  const weights = map.layers.findIndex((layer) => hasNonFinite(layer.weights, layer.weightFloats))
  const buffers = map.threads[0]?.layers ?? []
  const outputs = map.layers.findIndex((layer, index) =>
    hasNonFinite(buffers[index]?.output ?? 0, (map.capacity * layer.stride) / 4)
  )
  const [quantity, index] =
    weights >= 0
      ? (['weights', weights] as const)
      : outputs >= 0
        ? (['activations', outputs] as const)
        : (['loss', map.layers.length - 1] as const)
  const rate = plan.optimizer.learningRate
  const what = quantity === 'loss' ? `The loss behind layer ${index + 1}` : `The ${quantity} of layer ${index + 1}`
  const calmerRate = Number((rate / 10).toPrecision(2))
  const advice = `Try a smaller learning rate (it is ${rate}; ${calmerRate} is a start)`
  return {
    epoch,
    layer: index + 1,
    quantity,
    calmerRate,
    message: `${what} grew beyond all bounds in epoch ${epoch}. ${advice}, and see that the columns are scaled.`
  }
}
