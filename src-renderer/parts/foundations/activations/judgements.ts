/** What speaks for an activation and what against it, in a few words each. */
import type { ScalarActivationName } from '#engine/kernels/reference/activations.ts'

export const judgements: Readonly<Record<ScalarActivationName, { readonly good: string; readonly bad: string }>> = {
  linear: { good: 'Keeps the gradient whole.', bad: 'Layers of it alone are one linear model, however many.' },
  threshold: { good: 'A clear decision, and cheap.', bad: 'Derivative 0: gradient descent learns nothing through it.' },
  sign: { good: 'A decision centred on zero.', bad: 'Derivative 0: gradient descent learns nothing through it.' },
  sigmoid: { good: 'Smooth, and reads as a probability.', bad: 'Derivative at most 1/4; never averages zero.' },
  hard_sigmoid: { good: 'Cheap and near the sigmoid.', bad: 'No gradient at all beyond 3 and -3.' },
  tanh: { good: 'Averages zero; derivative up to 1.', bad: 'Saturates at both ends.' },
  relu: { good: 'Cheap; the gradient of positive sums passes whole.', bad: 'A unit with negative sums only is dead.' },
  leaky_relu: { good: 'As ReLU, and no unit dies.', bad: 'One more number to choose: the slope.' },
  elu: { good: 'Smooth; its mean is nearer to zero than that of ReLU.', bad: 'Needs exp below zero.' },
  selu: { good: 'Keeps mean 0 and variance 1 through many layers.', bad: 'Only with its own first weights.' },
  gelu: { good: 'Smooth; usual in transformers.', bad: 'The dearest here; not monotone.' },
  silu: { good: 'Smooth, and often as good as GELU.', bad: 'Needs exp; not monotone.' },
  softplus: { good: 'Smooth; always positive.', bad: 'Its mean is far from zero; needs exp and log.' }
}
