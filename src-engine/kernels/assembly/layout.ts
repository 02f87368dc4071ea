/**
 * The program: the block of a run's arena that tells the kernels what to do, and what they write back.
 * Plain constants, read by the kernels (AssemblyScript) and by program.ts (TypeScript), which alone fills the block.
 * P_* are byte offsets in the program, L_* in the record of a layer, each behind the one before it; all are i32 but where
 * the name says f32 or f64.
 */

// What to train on; addresses are byte offsets in the shared memory.
export const P_LAYER_COUNT = 0
export const P_INPUTS = P_LAYER_COUNT + 4
export const P_DATA_INPUTS = P_INPUTS + 4
export const P_DATA_TARGETS = P_DATA_INPUTS + 4
/** u32 row numbers in the order of this epoch. */
export const P_ORDER = P_DATA_TARGETS + 4
export const P_ROWS = P_ORDER + 4
/** One f32 a row of the data, by which its loss counts. */
export const P_ROW_WEIGHTS = P_ROWS + 4
/** One f32 a class, padded, by which its smoothed share of every row counts; 0: as the row itself. */
export const P_CLASS_WEIGHTS = P_ROW_WEIGHTS + 4

// How to step.
export const P_BATCH = P_CLASS_WEIGHTS + 4
/** Most rows that go through the network at once; a larger batch goes in pieces that add up their gradients. */
export const P_CHUNK = P_BATCH + 4
/** Most rows of a register tile (tiling.ts). */
export const P_TILE_ROWS = P_CHUNK + 4
export const P_LOSS = P_TILE_ROWS + 4
/** 1 where a target is the number of a class and the wanted output its one-hot row. */
export const P_ONE_HOT = P_LOSS + 4
/** 1 where outputs name a class. */
export const P_CLASSIFIES = P_ONE_HOT + 4
export const P_SMOOTHING_F32 = P_CLASSIFIES + 4
/** Where Huber's loss turns from square to straight. */
export const P_HUBER_DELTA_F32 = P_SMOOTHING_F32 + 4
export const P_OPTIMIZER = P_HUBER_DELTA_F32 + 4
export const P_RATE_F32 = P_OPTIMIZER + 4
/** Momentum, or the share that Adam's kind keep of the mean gradient. */
export const P_DECAY1_F32 = P_RATE_F32 + 4
/** The share that Adam's kind and RMSProp keep of the mean squared gradient. */
export const P_DECAY2_F32 = P_DECAY1_F32 + 4
export const P_EPSILON_F32 = P_DECAY2_F32 + 4
/** How fast Nadam's momentum warms up. */
export const P_MOMENTUM_DECAY_F32 = P_EPSILON_F32 + 4

// Penalties and other wishes; 0 is none.
export const P_L1_F32 = P_MOMENTUM_DECAY_F32 + 4
export const P_L2_F32 = P_L1_F32 + 4
/** Decoupled weight decay. */
export const P_WEIGHT_DECAY_F32 = P_L2_F32 + 4
export const P_CLIP_VALUE_F32 = P_WEIGHT_DECAY_F32 + 4
/** Largest norm of the whole gradient; needs gradients kept in full. */
export const P_CLIP_NORM_F32 = P_CLIP_VALUE_F32 + 4
/** Largest norm of the weights into one unit. */
export const P_MAX_NORM_F32 = P_CLIP_NORM_F32 + 4
/** Deviation of the normal noise on inputs. */
export const P_INPUT_NOISE_F32 = P_MAX_NORM_F32 + 4
/** What noise and dropout are drawn from, with the step. */
export const P_NOISE_SEED = P_INPUT_NOISE_F32 + 4

/** 1 where measured and predicted outputs stay between the two numbers that follow; training does not. */
export const P_IS_LIMITED = P_NOISE_SEED + 4
export const P_LOWEST_F32 = P_IS_LIMITED + 4
export const P_HIGHEST_F32 = P_LOWEST_F32 + 4

// Buffers.
export const P_BATCH_INPUTS = P_HIGHEST_F32 + 4
/** Bytes from one row of the gathered inputs to the next. */
export const P_BATCH_STRIDE = P_BATCH_INPUTS + 4
export const P_BATCH_TARGETS = P_BATCH_STRIDE + 4
export const P_BATCH_WEIGHTS = P_BATCH_TARGETS + 4
/** 1 where gradients are kept in full and updates wait for the whole batch. */
export const P_KEEPS_GRADIENTS = P_BATCH_WEIGHTS + 4
/**
 * 1 where each thread keeps the gradients of its own rows and a copy of the weights of its own; once a batch each adds up
 * all gradients, panel by panel in the room of P_PANEL_SUM, and updates its copy (training.ts).
 */
export const P_ADDS_GRADIENTS = P_KEEPS_GRADIENTS + 4
export const P_PANEL_SUM = P_ADDS_GRADIENTS + 4

// Where the run stands.
/** Rows of this epoch done in whole steps. */
export const P_CURSOR = P_PANEL_SUM + 4
/** Rows of the current batch done in pieces. */
export const P_WITHIN = P_CURSOR + 4
/** Optimizer steps done. */
export const P_STEP = P_WITHIN + 4
/** 1 where the loss of a batch was not finite: training stopped before its update. */
export const P_NOT_FINITE = P_STEP + 4
/** 1 during the last step of an epoch, at which the norms of gradients are taken. */
export const P_IS_LAST_STEP = P_NOT_FINITE + 4

// Several threads at one run; each has a program of its own, the first of which is the leader's. Buffers of rows are
// shared: a thread's program points to where its own rows begin in them or, where threads share the units, to the first.
// They start a line of the cache, which others wait on: what is written at each step lies before and behind it.
export const P_THREADS = (P_IS_LAST_STEP + 4 + 63) & ~63
export const P_THREAD = P_THREADS + 4
/** Programs of all threads lie this many bytes apart, from the leader's on. */
export const P_PROGRAM_STRIDE = P_THREAD + 4
/** In the leader's program: threads that have arrived, and the round they wait for. */
export const P_ARRIVED = P_PROGRAM_STRIDE + 4
export const P_ROUND = P_ARRIVED + 4
/** In a helper's program: the pieces it is asked to do. */
export const P_ASKED = P_ROUND + 4

// Sums, each as four f64: loss, rows with the right class, squared error, absolute error.
export const SUM_LOSS = 0
export const SUM_CORRECT = SUM_LOSS + 8
export const SUM_SQUARED = SUM_CORRECT + 8
export const SUM_ABSOLUTE = SUM_SQUARED + 8
export const SUMS_BYTES = SUM_ABSOLUTE + 8
export const P_BATCH_SUMS = P_THREADS + 64
export const P_EPOCH_SUMS = P_BATCH_SUMS + SUMS_BYTES
export const P_MEASURED_SUMS = P_EPOCH_SUMS + SUMS_BYTES
/** Squared norm of the gradients of a thread's own panels. */
export const P_SQUARES_F64 = P_MEASURED_SUMS + SUMS_BYTES
/** Product of Nadam's momenta of all steps so far. */
export const P_MOMENTUM_PRODUCT_F64 = P_SQUARES_F64 + 8

/** The layers' records follow the head. */
export const P_LAYERS = (P_MOMENTUM_PRODUCT_F64 + 8 + 63) & ~63

/** Squared norm of the gradient at the last step of the epoch. */
export const L_GRADIENT_SQUARED_F64 = 0
export const L_INPUTS = L_GRADIENT_SQUARED_F64 + 8
export const L_UNITS = L_INPUTS + 4
export const L_ACTIVATION = L_UNITS + 4
/** The activation's parameter: slope below zero. */
export const L_SLOPE_F32 = L_ACTIVATION + 4
/** 1 where the activation's outputs tell its derivative; else the forward pass writes it to L_DERIVATIVE. */
export const L_OUTPUTS_TELL = L_SLOPE_F32 + 4
/** Share of outputs that dropout sets to 0. */
export const L_DROPOUT_F32 = L_OUTPUTS_TELL + 4
export const L_NORMALISATION = L_DROPOUT_F32 + 4
/** Weights and biases in panels (panels.ts). */
export const L_WEIGHTS = L_NORMALISATION + 4
/** The weights once more, in panels of their transpose; 0 in the first layer, which hands no gradient on. */
export const L_TRANSPOSED = L_WEIGHTS + 4
/** Rows of a panel of the transpose. */
export const L_TRANSPOSED_ROWS = L_TRANSPOSED + 4
/** Gradients in panels: all of them (a thread's own or of all), or room for one panel where the update follows at once. */
export const L_GRADIENT = L_TRANSPOSED_ROWS + 4
/** Gradients by the weighted sums, laid out as the outputs. */
export const L_DELTA = L_GRADIENT + 4
/** The optimizer's running values, in panels. */
export const L_STATE1 = L_DELTA + 4
export const L_STATE2 = L_STATE1 + 4
/** Outputs of the batch, (B,O) with L_STRIDE bytes from row to row. */
export const L_OUTPUT = L_STATE2 + 4
export const L_STRIDE = L_OUTPUT + 4
/** Derivatives of the outputs by the sums, laid out as the outputs; 0 where they are not kept. */
export const L_DERIVATIVE = L_STRIDE + 4
/** Gain (O) and shift (O) of the normalisation, padded; then their gradients and the optimizer's values of them. */
export const L_GAIN = L_DERIVATIVE + 4
export const L_GAIN_GRADIENT = L_GAIN + 4
export const L_GAIN_STATE1 = L_GAIN_GRADIENT + 4
export const L_GAIN_STATE2 = L_GAIN_STATE1 + 4
/** Running mean (O) and variance (O) of batch normalisation, padded. */
export const L_RUNNING = L_GAIN_STATE2 + 4
/** Normalised sums of the batch, laid out as the outputs. */
export const L_NORMALISED = L_RUNNING + 4
/** 1 / deviation: one f32 a unit (batch normalisation) or a row (layer normalisation). */
export const L_INVERSE_DEVIATION = L_NORMALISED + 4
/** Counts of what was measured a unit: rows in which a ReLU let nothing through or a sigmoid or tanh was saturated. */
export const L_QUIET = L_INVERSE_DEVIATION + 4
/** A whole number of lines of the cache. */
export const LAYER_BYTES = (L_QUIET + 4 + 63) & ~63
