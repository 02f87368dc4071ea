/**
 * The numbers by which a program names what it is made of: activations, normalisations, losses and loops of optimizers.
 * Read by the kernels and by program.ts, which finds them by the names in the tables of network/ and training/: a name
 * without a number here does not compile. Numbers are free to change; nothing stored has them.
 */

export const ACTIVATION_LINEAR = 0
export const ACTIVATION_SIGMOID = 1
export const ACTIVATION_TANH = 2
export const ACTIVATION_RELU = 3
export const ACTIVATION_LEAKY_RELU = 4
export const ACTIVATION_SOFTMAX = 5
export const ACTIVATION_ELU = 6
export const ACTIVATION_SELU = 7
export const ACTIVATION_GELU = 8
export const ACTIVATION_SILU = 9
export const ACTIVATION_SOFTPLUS = 10
export const ACTIVATION_HARD_SIGMOID = 11
export const ACTIVATION_THRESHOLD = 12
export const ACTIVATION_SIGN = 13

export const NORMALISATION_NONE = 0
export const NORMALISATION_BATCH = 1
export const NORMALISATION_LAYER = 2

export const LOSS_MEAN_SQUARED_ERROR = 0
export const LOSS_BINARY_CROSS_ENTROPY = 1
export const LOSS_CROSS_ENTROPY = 2
export const LOSS_MEAN_ABSOLUTE_ERROR = 3
export const LOSS_HUBER = 4

/** Gradients are computed and nothing is updated. */
export const OPTIMIZER_NONE = -1
export const OPTIMIZER_SGD = 0
export const OPTIMIZER_MOMENTUM = 1
export const OPTIMIZER_ADAM = 2
export const OPTIMIZER_NESTEROV = 3
export const OPTIMIZER_ADAGRAD = 4
export const OPTIMIZER_RMSPROP = 5
export const OPTIMIZER_NADAM = 6
