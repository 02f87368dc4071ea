/** What the kernels can be told of a step: which loop goes over the weights, and its numbers. Names alone, no memory. */
import type * as code from '#engine/kernels/assembly/codes.ts'
import * as at from '#engine/kernels/assembly/layout.ts'

/** Names of codes.ts by their kind: `adam` where it has OPTIMIZER_ADAM. */
type CodeName<Kind extends string, Key = keyof typeof code> = Key extends `${Kind}_${infer Name}`
  ? Lowercase<Name>
  : never

/** The loops over weights and gradients that optimizers are made of. */
export type OptimizerLoop = Exclude<CodeName<'OPTIMIZER'>, 'none'>

/** Where the numbers of a step lie in a program; what is not given is 0, which is none. */
export const stepNumbers = {
  decay1: at.P_DECAY1_F32,
  decay2: at.P_DECAY2_F32,
  epsilon: at.P_EPSILON_F32,
  momentumDecay: at.P_MOMENTUM_DECAY_F32,
  weightDecay: at.P_WEIGHT_DECAY_F32,
  l1: at.P_L1_F32,
  l2: at.P_L2_F32,
  clipValue: at.P_CLIP_VALUE_F32,
  clipNorm: at.P_CLIP_NORM_F32,
  maxNorm: at.P_MAX_NORM_F32,
  inputNoise: at.P_INPUT_NOISE_F32
} as const

export type StepNumbers = { readonly [Name in keyof typeof stepNumbers]?: number | undefined }
