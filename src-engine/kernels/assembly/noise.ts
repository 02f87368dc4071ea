/**
 * Random numbers of the kernels: dropout masks and input noise. Drawn from a counter, not from a state, so that the
 * same seed, step, layer and place give the same number whatever ran before and whichever thread asks.
 */
import { cosineOfTurn4, log4 } from './transcendental'

/** Mixes 32 bits so that each depends on all (the finaliser of MurmurHash3, by A. Appleby). */
// @ts-ignore: decorator
@inline
function mix4(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16))
  x = i32x4.mul(x, i32x4.splat(0x85ebca6b))
  x = v128.xor(x, i32x4.shr_u(x, 13))
  x = i32x4.mul(x, i32x4.splat(0xc2b2ae35))
  return v128.xor(x, i32x4.shr_u(x, 16))
}

/** The key of one stream: a layer (or the inputs) at a step of a run. */
export function streamKey(seed: i32, step: i32, stream: i32): i32 {
  const start = i32x4.splat(seed ^ (step * 0x9e3779b1))
  return i32x4.extract_lane(mix4(i32x4.add(mix4(start), i32x4.splat(stream * 0x7feb352d + 1))), 0)
}

/** 128 random bits of a stream at a place. */
// @ts-ignore: decorator
@inline
function bits(key: i32, place: i32): v128 {
  const counter = i32x4.add(i32x4.splat(place), i32x4(0, 1, 2, 3))
  return mix4(i32x4.add(i32x4.mul(counter, i32x4.splat(0x9e3779b1)), i32x4.splat(key)))
}

/**
 * Sets a share of outputs to 0 and scales the rest by 1 / (1 - share), and the derivatives alike.
 * Shapes: outputs and derivative laid out alike, `bytes` long; `place` is the number of the first float in its stream.
 * Source: Srivastava et al. 2014, in the inverted form that leaves evaluation alone.
 */
export function dropOut(share: f32, key: i32, place: i32, outputs: usize, derivative: usize, bytes: usize): void {
  const end = outputs + bytes
  const distance = derivative - outputs
  const scale = f32x4.splat(1 / (1 - share))
  const limit = i32x4.splat(<i32>(<u32>(<f64>share * 4294967296)))
  for (; outputs < end; outputs += 16, place += 4) {
    const factor = v128.and(scale, i32x4.ge_u(bits(key, place), limit))
    v128.store(outputs, f32x4.mul(v128.load(outputs), factor))
    v128.store(outputs + distance, f32x4.mul(v128.load(outputs + distance), factor))
  }
}

/**
 * Adds normal noise with mean 0.
 * Shapes: values `bytes` long; `place` as for dropOut.
 * Source: Box & Muller 1958.
 */
export function addNoise(deviation: f32, key: i32, place: i32, values: usize, bytes: usize): void {
  const end = values + bytes
  const unit = f32x4.splat(1 / 16777216)
  for (; values < end; values += 16, place += 4) {
    // from 2^-24 to 1, so that the logarithm is finite
    const first = i32x4.add(i32x4.shr_u(bits(key, place), 8), i32x4.splat(1))
    const second = i32x4.shr_u(bits(key ^ 0x5bd1e995, place), 8)
    const logarithm = log4(f32x4.mul(f32x4.convert_i32x4_s(first), unit))
    const radius = f32x4.sqrt(f32x4.mul(logarithm, f32x4.splat(-2)))
    const normal = f32x4.mul(radius, cosineOfTurn4(f32x4.mul(f32x4.convert_i32x4_s(second), unit)))
    v128.store(values, f32x4.relaxed_madd(normal, f32x4.splat(deviation), v128.load(values)))
  }
}
