/** What a call of an activation costs on this machine, measured here and now. */
import { scalarActivations, type ScalarActivationName } from '#engine/kernels/reference/activations.ts'

const calls = 20_000
/** Sums from -4 to 4, in no order that a processor could learn. */
const sums = Float64Array.from({ length: 1024 }, (_, index) => ((index * 619) % 1024) / 128 - 4)

/**
 * Measures one activation: the fastest of three stretches of 20,000 calls, about 1 ms in all.
 * Units: ns a call, the call itself and a sum included.
 */
export function nanosecondsOf(name: ScalarActivationName, now: () => number): number {
  const { value } = scalarActivations[name]
  let fastest = Infinity
  let sink = 0
  for (let stretch = 0; stretch < 3; stretch++) {
    const start = now()
    for (let call = 0; call < calls; call++) sink += value(sums[call & 1023] ?? 0)
    fastest = Math.min(fastest, now() - start)
  }
  // What is summed is looked at, so that no compiler leaves the calls out.
  return Number.isNaN(sink) ? NaN : (fastest / calls) * 1e6
}
