/**
 * One pass of an optimizer over a stretch of weights. Elementwise, so the order of weights in panels does not matter
 * to it; padded weights have gradient 0 and stay 0. Defaults and forms are PyTorch's.
 * Units: gradients are means over the batch; stretches are `count` floats, a multiple of 4.
 */
import * as code from './codes'
import * as at from './layout'

/** Takes the step number P_STEP + 1 for `count` weights; state1 and state2 are the optimizer's running values. */
export function update(program: usize, w: usize, g: usize, state1: usize, state2: usize, count: i32): void {
  const end = w + <usize>count * 4
  switch (load<i32>(program, at.P_OPTIMIZER)) {
    case code.OPTIMIZER_SGD:
      descend(program, w, g, end)
      break
    case code.OPTIMIZER_MOMENTUM:
      momentum(program, w, g, state1, end)
      break
    case code.OPTIMIZER_NESTEROV:
      nesterov(program, w, g, state1, end)
      break
    case code.OPTIMIZER_ADAGRAD:
      adagrad(program, w, g, state1, end)
      break
    case code.OPTIMIZER_RMSPROP:
      rmsprop(program, w, g, state1, end)
      break
    case code.OPTIMIZER_ADAM:
      adam(program, w, g, state1, state2, end)
      break
    case code.OPTIMIZER_NADAM:
      nadam(program, w, g, state1, state2, end)
      break
    default:
  }
}

/** w <- w - r g. */
function descend(program: usize, w: usize, g: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, at.P_RATE_F32))
  for (; w < end; w += 16, g += 16) v128.store(w, f32x4.relaxed_madd(rate, v128.load(g), v128.load(w)))
}

/**
 * v <- u v + g; w <- w - r v.
 * Source: Polyak 1964; Sutskever et al. 2013, in the form where the rate scales the whole velocity.
 */
function momentum(program: usize, w: usize, g: usize, v: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, at.P_RATE_F32))
  const share = f32x4.splat(load<f32>(program, at.P_DECAY1_F32))
  for (; w < end; w += 16, g += 16, v += 16) {
    const velocity = f32x4.relaxed_madd(share, v128.load(v), v128.load(g))
    v128.store(v, velocity)
    v128.store(w, f32x4.relaxed_madd(rate, velocity, v128.load(w)))
  }
}

/**
 * v <- u v + g; w <- w - r (g + u v).
 * Source: Nesterov 1983; Sutskever et al. 2013.
 */
function nesterov(program: usize, w: usize, g: usize, v: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, at.P_RATE_F32))
  const share = f32x4.splat(load<f32>(program, at.P_DECAY1_F32))
  for (; w < end; w += 16, g += 16, v += 16) {
    const gradient = v128.load(g)
    const velocity = f32x4.relaxed_madd(share, v128.load(v), gradient)
    v128.store(v, velocity)
    v128.store(w, f32x4.relaxed_madd(rate, f32x4.relaxed_madd(share, velocity, gradient), v128.load(w)))
  }
}

/**
 * s <- s + g^2; w <- w - r g / (sqrt(s) + e).
 * Source: Duchi, Hazan & Singer 2011.
 */
function adagrad(program: usize, w: usize, g: usize, s: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, at.P_RATE_F32))
  const epsilon = f32x4.splat(load<f32>(program, at.P_EPSILON_F32))
  for (; w < end; w += 16, g += 16, s += 16) {
    const gradient = v128.load(g)
    const squares = f32x4.relaxed_madd(gradient, gradient, v128.load(s))
    v128.store(s, squares)
    const length = f32x4.div(gradient, f32x4.add(f32x4.sqrt(squares), epsilon))
    v128.store(w, f32x4.relaxed_madd(rate, length, v128.load(w)))
  }
}

/**
 * s <- a s + (1 - a) g^2; w <- w - r g / (sqrt(s) + e).
 * Source: Tieleman & Hinton 2012, lecture 6.5.
 */
function rmsprop(program: usize, w: usize, g: usize, s: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, at.P_RATE_F32))
  const epsilon = f32x4.splat(load<f32>(program, at.P_EPSILON_F32))
  const keep = f32x4.splat(load<f32>(program, at.P_DECAY2_F32))
  const take = f32x4.splat(1 - load<f32>(program, at.P_DECAY2_F32))
  for (; w < end; w += 16, g += 16, s += 16) {
    const gradient = v128.load(g)
    const squares = f32x4.relaxed_madd(keep, v128.load(s), f32x4.mul(take, f32x4.mul(gradient, gradient)))
    v128.store(s, squares)
    const length = f32x4.div(gradient, f32x4.add(f32x4.sqrt(squares), epsilon))
    v128.store(w, f32x4.relaxed_madd(rate, length, v128.load(w)))
  }
}

/**
 * m <- b1 m + (1 - b1) g; s <- b2 s + (1 - b2) g^2; w <- w - r m^ / (sqrt(s^) + e), with m^ = m / (1 - b1^k)
 * and s^ = s / (1 - b2^k) at step k.
 * Source: Kingma & Ba 2015, algorithm 1.
 */
function adam(program: usize, w: usize, g: usize, m: usize, s: usize, end: usize): void {
  const beta1 = load<f32>(program, at.P_DECAY1_F32)
  const beta2 = load<f32>(program, at.P_DECAY2_F32)
  const step = load<i32>(program, at.P_STEP) + 1
  const correction2 = sqrt<f64>(1 - power(beta2, step))
  // Both corrections are moved to the rate and epsilon, which saves two divisions a weight.
  const rate = f32x4.splat(<f32>((-load<f32>(program, at.P_RATE_F32) * correction2) / (1 - power(beta1, step))))
  const epsilon = f32x4.splat(<f32>(load<f32>(program, at.P_EPSILON_F32) * correction2))
  const keep1 = f32x4.splat(beta1)
  const keep2 = f32x4.splat(beta2)
  const take1 = f32x4.splat(1 - beta1)
  const take2 = f32x4.splat(1 - beta2)
  // Two vectors side by side, loads before stores: V8 can join them into one of twice the width.
  for (; w + 16 < end; w += 32, g += 32, m += 32, s += 32) {
    const gradient0 = v128.load(g, 0)
    const gradient1 = v128.load(g, 16)
    const mean0 = f32x4.relaxed_madd(keep1, v128.load(m, 0), f32x4.mul(take1, gradient0))
    const mean1 = f32x4.relaxed_madd(keep1, v128.load(m, 16), f32x4.mul(take1, gradient1))
    const square0 = f32x4.relaxed_madd(keep2, v128.load(s, 0), f32x4.mul(take2, f32x4.mul(gradient0, gradient0)))
    const square1 = f32x4.relaxed_madd(keep2, v128.load(s, 16), f32x4.mul(take2, f32x4.mul(gradient1, gradient1)))
    const length0 = f32x4.div(mean0, f32x4.add(f32x4.sqrt(square0), epsilon))
    const length1 = f32x4.div(mean1, f32x4.add(f32x4.sqrt(square1), epsilon))
    const weight0 = f32x4.relaxed_madd(rate, length0, v128.load(w, 0))
    const weight1 = f32x4.relaxed_madd(rate, length1, v128.load(w, 16))
    v128.store(m, mean0, 0)
    v128.store(m, mean1, 16)
    v128.store(s, square0, 0)
    v128.store(s, square1, 16)
    v128.store(w, weight0, 0)
    v128.store(w, weight1, 16)
  }
  if (w >= end) return
  const gradient = v128.load(g)
  const mean = f32x4.relaxed_madd(keep1, v128.load(m), f32x4.mul(take1, gradient))
  const square = f32x4.relaxed_madd(keep2, v128.load(s), f32x4.mul(take2, f32x4.mul(gradient, gradient)))
  v128.store(m, mean)
  v128.store(s, square)
  const length = f32x4.div(mean, f32x4.add(f32x4.sqrt(square), epsilon))
  v128.store(w, f32x4.relaxed_madd(rate, length, v128.load(w)))
}

/**
 * Adam whose mean looks one step ahead: w <- w - r (u' m / (1 - U u') + (1 - u) g / (1 - U)) / (sqrt(s^) + e), with
 * this step's momentum u = b1 (1 - 0.96^(k d) / 2), the next one's u', and U the product of all momenta up to u.
 * Source: Dozat 2016, with the warm-up of its momentum schedule.
 */
function nadam(program: usize, w: usize, g: usize, m: usize, s: usize, end: usize): void {
  const beta1 = load<f32>(program, at.P_DECAY1_F32)
  const beta2 = load<f32>(program, at.P_DECAY2_F32)
  const step = load<i32>(program, at.P_STEP) + 1
  const now = nadamMomentum(program, step)
  const next = nadamMomentum(program, step + 1)
  const product = load<f64>(program, at.P_MOMENTUM_PRODUCT_F64) * now
  const correction2 = sqrt<f64>(1 - power(beta2, step))
  const rate = -(<f64>load<f32>(program, at.P_RATE_F32)) * correction2
  const ofGradient = f32x4.splat(<f32>((rate * (1 - now)) / (1 - product)))
  const ofMean = f32x4.splat(<f32>((rate * next) / (1 - product * next)))
  const epsilon = f32x4.splat(<f32>(load<f32>(program, at.P_EPSILON_F32) * correction2))
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
    const along = f32x4.relaxed_madd(ofMean, mean, f32x4.mul(ofGradient, gradient))
    const change = f32x4.div(along, f32x4.add(f32x4.sqrt(square), epsilon))
    v128.store(w, f32x4.add(v128.load(w), change))
  }
}

/** Nadam's momentum of step k. 0.96^(k d) is taken as (0.96^d)^k, with 0.96^d given. */
function nadamMomentum(program: usize, step: i32): f64 {
  const base = <f64>load<f32>(program, at.P_MOMENTUM_DECAY_F32)
  return <f64>load<f32>(program, at.P_DECAY1_F32) * (1 - 0.5 * power(base, step))
}

/** Counts a step as done, once all weights have taken it. */
export function completeStep(program: usize): void {
  const step = load<i32>(program, at.P_STEP) + 1
  if (load<i32>(program, at.P_OPTIMIZER) == code.OPTIMIZER_NADAM) {
    const product = load<f64>(program, at.P_MOMENTUM_PRODUCT_F64) * nadamMomentum(program, step)
    store<f64>(program, product, at.P_MOMENTUM_PRODUCT_F64)
  }
  store<i32>(program, step, at.P_STEP)
}

/** Restores what follows from the number of steps, after P_STEP was written from outside. */
export function resumeSteps(program: usize): void {
  const steps = load<i32>(program, at.P_STEP)
  let product: f64 = 1
  if (load<i32>(program, at.P_OPTIMIZER) == code.OPTIMIZER_NADAM) {
    // The product soon runs down to 0 and stays there.
    for (let step = 1; step <= steps && product > 0; step++) product *= nadamMomentum(program, step)
  }
  store<f64>(program, product, at.P_MOMENTUM_PRODUCT_F64)
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
