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
/** Momentum, or the share that Adam's kind keep of the mean gradient. */
export const P_DECAY1_F32 = 52
/** The share that Adam's kind and RMSProp keep of the mean squared gradient. */
export const P_DECAY2_F32 = 56
export const P_EPSILON_F32 = 60

// Buffers.
export const P_BATCH_INPUTS = 64
/** Bytes from one row of the gathered inputs to the next. */
export const P_BATCH_STRIDE = 68
export const P_BATCH_TARGETS = 72

// Where the run stands.
/** Rows of this epoch done in whole steps. */
export const P_CURSOR = 84
/** Rows of the current batch done in pieces. */
export const P_WITHIN = 88
/** Optimizer steps done. */
export const P_STEP = 92
/** 1 where the loss of a batch was not finite: training stopped before its update. */
export const P_NOT_FINITE = 96


// Penalties and other wishes; 0 is none.
export const P_L1_F32 = 100
export const P_L2_F32 = 104
/** Decoupled weight decay. */
export const P_WEIGHT_DECAY_F32 = 108
export const P_CLIP_VALUE_F32 = 112
/** Largest norm of the whole gradient; needs gradients kept in full. */
export const P_CLIP_NORM_F32 = 116
/** Largest norm of the weights into one unit. */
export const P_MAX_NORM_F32 = 120
/** Deviation of the normal noise on inputs. */
export const P_INPUT_NOISE_F32 = 124
/** What noise and dropout are drawn from, with the step. */
export const P_NOISE_SEED = 128
/** One f32 a row of the data, by which its loss counts. */
export const P_ROW_WEIGHTS = 132
export const P_BATCH_WEIGHTS = 136
export const P_SMOOTHING_F32 = 140
/** Where Huber's loss turns from square to straight. */
export const P_HUBER_DELTA_F32 = 144
/** How fast Nadam's momentum warms up. */
export const P_MOMENTUM_DECAY_F32 = 148
/** Product of Nadam's momenta of all steps so far. */
export const P_MOMENTUM_PRODUCT_F64 = 152

// Several threads at one run; each has a program of its own, the first of which is the leader's. Buffers of rows are
// shared: a thread's program points to where its own rows begin in them or, where threads share the units, to the first.
export const P_THREADS = 160
export const P_THREAD = 164
/** Programs of all threads lie this many bytes apart, from the leader's on. */
export const P_PROGRAM_STRIDE = 168
/** In the leader's program: threads that have arrived, and the round they wait for. */
export const P_ARRIVED = 172
export const P_ROUND = 176
/** In a helper's program: the pieces it is asked to do. */
export const P_ASKED = 180
/** Squared norm of the gradients of a thread's own panels. */
export const P_SQUARES_F64 = 184
/** 1 where gradients are kept in full and updates wait for the whole batch. */
export const P_KEEPS_GRADIENTS = 192
/** 1 during the last step of an epoch, at which the norms of gradients are taken. */
export const P_IS_LAST_STEP = 196
/** One f32 a class, padded, by which its smoothed share of every row counts; 0: as the row itself. */
export const P_CLASS_WEIGHTS = 200
/** Most rows of a register tile (tiling.ts). */
export const P_TILE_ROWS = 204
/**
 * 1 where each thread keeps the gradients of its own rows and a copy of the weights of its own; once a batch each adds up
 * all gradients, panel by panel in the room of P_PANEL_SUM, and updates its copy (training.ts).
 */
export const P_ADDS_GRADIENTS = 208
export const P_PANEL_SUM = 212

// Sums, each as four f64: loss, rows with the right class, squared error, absolute error.
export const SUM_LOSS = 0
export const SUM_CORRECT = 8
export const SUM_SQUARED = 16
export const SUM_ABSOLUTE = 24
export const SUMS_BYTES = 32
export const P_BATCH_SUMS = 256
export const P_EPOCH_SUMS = 288
export const P_MEASURED_SUMS = 320

/** The layers' records follow the head. */
export const P_LAYERS = 384

export const L_INPUTS = 0
export const L_UNITS = 4
export const L_ACTIVATION = 8
/** Weights and biases in panels (panels.ts). */
export const L_WEIGHTS = 12
/** The weights once more, in panels of their transpose; 0 in the first layer, which hands no gradient on. */
export const L_TRANSPOSED = 16
/** Rows of a panel of the transpose. */
export const L_TRANSPOSED_ROWS = 20
/** Gradients in panels: all of them (a thread's own or of all), or room for one panel where the update follows at once. */
export const L_GRADIENT = 24
/** Gradients by the weighted sums, laid out as the outputs. */
export const L_DELTA = 28
/** The optimizer's running values, in panels. */
export const L_STATE1 = 32
export const L_STATE2 = 36
/** Outputs of the batch, (B,O) with L_STRIDE bytes from row to row. */
export const L_OUTPUT = 40
export const L_STRIDE = 44
/** The activation's parameter: slope below zero. */
export const L_SLOPE_F32 = 48
/** Derivatives of the outputs by the sums, laid out as the outputs; 0 where they follow from the outputs. */
export const L_DERIVATIVE = 52
/** Share of outputs that dropout sets to 0. */
export const L_DROPOUT_F32 = 56
export const L_NORMALISATION = 60
/** Gain (O) and shift (O) of the normalisation, padded; then their gradients and the optimizer's values of them. */
export const L_GAIN = 64
export const L_GAIN_GRADIENT = 68
export const L_GAIN_STATE1 = 72
export const L_GAIN_STATE2 = 76
/** Running mean (O) and variance (O) of batch normalisation, padded. */
export const L_RUNNING = 80
/** Normalised sums of the batch, laid out as the outputs. */
export const L_NORMALISED = 84
/** 1 / deviation: one f32 a unit (batch normalisation) or a row (layer normalisation). */
export const L_INVERSE_DEVIATION = 88
/** Counts of what was measured a unit: rows in which a ReLU let nothing through or a sigmoid or tanh was saturated. */
export const L_QUIET = 92
/** Squared norm of the gradient at the last step of the epoch. */
export const L_GRADIENT_SQUARED_F64 = 96
export const LAYER_BYTES = 128

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
