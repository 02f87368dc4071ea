/**
 * One pass of an optimizer over a stretch of weights. Elementwise, so the order of weights in panels does not matter
 * to it; padded weights have gradient 0 and stay 0.
 * Units: gradients are means over the batch; `count` is a multiple of 4.
 */
import {
  OPTIMIZER_ADAM,
  OPTIMIZER_MOMENTUM,
  OPTIMIZER_SGD,
  P_DECAY1_F32,
  P_DECAY2_F32,
  P_EPSILON_F32,
  P_OPTIMIZER,
  P_RATE_F32,
  P_STEP
} from './layout'

/** Takes the step number P_STEP + 1 for `count` weights; state1 and state2 are the optimizer's running values. */
export function update(program: usize, w: usize, g: usize, state1: usize, state2: usize, count: i32): void {
  const end = w + <usize>count * 4
  switch (load<i32>(program, P_OPTIMIZER)) {
    case OPTIMIZER_SGD:
      descend(program, w, g, end)
      break
    case OPTIMIZER_MOMENTUM:
      momentum(program, w, g, state1, end)
      break
    case OPTIMIZER_ADAM:
      adam(program, w, g, state1, state2, end)
      break
    default:
  }
}

/** w <- w - r g. */
function descend(program: usize, w: usize, g: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, P_RATE_F32))
  for (; w < end; w += 16, g += 16) v128.store(w, f32x4.relaxed_madd(rate, v128.load(g), v128.load(w)))
}

/**
 * v <- u v + g; w <- w - r v.
 * Source: Sutskever et al. 2013, in the form PyTorch documents, where the rate scales the whole velocity.
 */
function momentum(program: usize, w: usize, g: usize, v: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, P_RATE_F32))
  const share = f32x4.splat(load<f32>(program, P_DECAY1_F32))
  for (; w < end; w += 16, g += 16, v += 16) {
    const velocity = f32x4.relaxed_madd(share, v128.load(v), v128.load(g))
    v128.store(v, velocity)
    v128.store(w, f32x4.relaxed_madd(rate, velocity, v128.load(w)))
  }
}

/**
 * m <- b1 m + (1 - b1) g; s <- b2 s + (1 - b2) g^2; w <- w - r m^ / (sqrt(s^) + e), with m^ = m / (1 - b1^k)
 * and s^ = s / (1 - b2^k) at step k.
 * Source: Kingma & Ba 2015, algorithm 1.
 */
function adam(program: usize, w: usize, g: usize, m: usize, s: usize, end: usize): void {
  const beta1 = load<f32>(program, P_DECAY1_F32)
  const beta2 = load<f32>(program, P_DECAY2_F32)
  const step = load<i32>(program, P_STEP) + 1
  const correction2 = sqrt<f64>(1 - power(beta2, step))
  // Both corrections are moved to the rate and epsilon, which saves two divisions a weight.
  const rate = f32x4.splat(<f32>((-load<f32>(program, P_RATE_F32) * correction2) / (1 - power(beta1, step))))
  const epsilon = f32x4.splat(<f32>(load<f32>(program, P_EPSILON_F32) * correction2))
  const keep1 = f32x4.splat(beta1)
  const keep2 = f32x4.splat(beta2)
  const take1 = f32x4.splat(1 - beta1)
  const take2 = f32x4.splat(1 - beta2)
  for (; w < end; w += 16, g += 16, m += 16, s += 16) {
    const gradient = v128.load(g)
    const mean = f32x4.relaxed_madd(keep1, v128.load(m), f32x4.mul(take1, gradient))
    const square = f32x4.relaxed_madd(keep2, v128.load(s), f32x4.mul(take2, f32x4.mul(gradient, gradient)))
    v128.store(m, mean)
    v128.store(s, square)
    const length = f32x4.div(mean, f32x4.add(f32x4.sqrt(square), epsilon))
    v128.store(w, f32x4.relaxed_madd(rate, length, v128.load(w)))
  }
}

/** base^exponent by squaring: the same bits for the same step, whether a run was interrupted or not. */
function power(base: f64, exponent: i32): f64 {
  let result: f64 = 1
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= base
    base *= base
  }
  return result
}
