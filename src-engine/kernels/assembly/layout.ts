/**
 * The program: the block of a run's arena that tells the kernels what to do, and what they write back.
 * Plain constants, read by the kernels (AssemblyScript) and by kernels.ts (TypeScript), which alone fills the block.
 * P_* are byte offsets in the program, L_* in the record of a layer; all are i32 but where the name says f32 or f64.
 */

// What to train on; addresses are byte offsets in the shared memory.
export const P_LAYER_COUNT = 0
export const P_INPUTS = 4
export const P_DATA_INPUTS = 8
export const P_DATA_TARGETS = 12
/** u32 row numbers in the order of this epoch. */
export const P_ORDER = 16
export const P_ROWS = 20

// How to step.
export const P_BATCH = 24
/** Most rows that go through the network at once; a larger batch goes in pieces that add up their gradients. */
export const P_CHUNK = 28
export const P_LOSS = 32
/** 1 where a target is the number of a class and the wanted output its one-hot row. */
export const P_ONE_HOT = 36
/** 1 where outputs name a class. */
export const P_CLASSIFIES = 40
export const P_OPTIMIZER = 44
export const P_RATE_F32 = 48
/** Momentum, or Adam's beta1. */
export const P_DECAY1_F32 = 52
/** Adam's beta2. */
export const P_DECAY2_F32 = 56
export const P_EPSILON_F32 = 60

// Buffers.
export const P_BATCH_INPUTS = 64
/** Bytes from one row of the gathered inputs to the next. */
export const P_BATCH_STRIDE = 68
export const P_BATCH_TARGETS = 72
/** Two buffers of the gradients by the weighted sums, used in turn from layer to layer. */
export const P_DELTA_A = 76
export const P_DELTA_B = 80

// Where the run stands.
/** Rows of this epoch done in whole steps. */
export const P_CURSOR = 84
/** Rows of the current batch done in pieces. */
export const P_WITHIN = 88
/** Optimizer steps done. */
export const P_STEP = 92
/** 1 where the loss of a batch was not finite: training stopped before its update. */
export const P_NOT_FINITE = 96

// Sums, each as four f64: loss, rows with the right class, squared error, absolute error.
export const SUM_LOSS = 0
export const SUM_CORRECT = 8
export const SUM_SQUARED = 16
export const SUM_ABSOLUTE = 24
export const SUMS_BYTES = 32
export const P_BATCH_SUMS = 128
export const P_EPOCH_SUMS = 160
export const P_MEASURED_SUMS = 192

/** The layers' records follow the head. */
export const P_LAYERS = 256

export const L_INPUTS = 0
export const L_UNITS = 4
export const L_ACTIVATION = 8
/** Weights and biases in panels (panels.ts). */
export const L_WEIGHTS = 12
/** The weights once more, in panels of their transpose; 0 in the first layer, which hands no gradient on. */
export const L_TRANSPOSED = 16
/** Rows of a panel of the transpose. */
export const L_TRANSPOSED_ROWS = 20
/** Gradients in panels: all of them, or room for one panel where the update follows at once. */
export const L_GRADIENT = 24
/** 1 where L_GRADIENT holds all panels. */
export const L_KEEPS_GRADIENT = 28
/** The optimizer's running values, in panels. */
export const L_STATE1 = 32
export const L_STATE2 = 36
/** Outputs of the batch, (B,O) with L_STRIDE bytes from row to row. */
export const L_OUTPUT = 40
export const L_STRIDE = 44
export const LAYER_BYTES = 64

export const ACTIVATION_LINEAR = 0
export const ACTIVATION_SIGMOID = 1
export const ACTIVATION_TANH = 2
export const ACTIVATION_RELU = 3
export const ACTIVATION_LEAKY_RELU = 4
export const ACTIVATION_SOFTMAX = 5

export const LOSS_MEAN_SQUARED_ERROR = 0
export const LOSS_BINARY_CROSS_ENTROPY = 1
export const LOSS_CROSS_ENTROPY = 2

export const OPTIMIZER_SGD = 0
export const OPTIMIZER_MOMENTUM = 1
export const OPTIMIZER_ADAM = 2
