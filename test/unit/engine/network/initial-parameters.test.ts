import { describe, expect, it } from 'vitest'
import { initialParameters } from '#engine/network/initial-parameters.ts'
import type { Topology } from '#engine/network/topology.ts'
import { Random } from '#engine/random.ts'
import type { Initialisation } from '#engine/training/plan.ts'

const inputs = 200
const units = 100
const topologyOf = (activation: 'relu' | 'tanh'): Topology => ({ inputs, layers: [{ units, activation }] })

function momentsOf(initialisation: Initialisation, activation: 'relu' | 'tanh' = 'relu') {
  const all = initialParameters(topologyOf(activation), initialisation, new Random(11))
  const weights = [...all.subarray(0, inputs * units)]
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length
  const deviation = Math.sqrt(weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / weights.length)
  return { mean, deviation, largest: Math.max(...weights.map(Math.abs)), biases: [...all.subarray(inputs * units)] }
}

describe.each<[Initialisation, number, number]>([
  [{ name: 'he_uniform' }, Math.sqrt(2 / 200), Math.sqrt(6 / 200)],
  [{ name: 'he_normal' }, Math.sqrt(2 / 200), Infinity],
  [{ name: 'glorot_uniform' }, Math.sqrt(2 / 300), Math.sqrt(6 / 300)],
  [{ name: 'glorot_normal' }, Math.sqrt(2 / 300), Infinity],
  [{ name: 'uniform', limit: 0.3 }, 0.3 / Math.sqrt(3), 0.3],
  [{ name: 'normal', deviation: 0.2 }, 0.2, Infinity],
  [{ name: 'zeros' }, 0, 0]
])('$name', (initialisation, deviation, limit) => {
  it('has its spread, mean 0, its bounds, and biases 0', () => {
    const moments = momentsOf(initialisation)
    expect(Math.abs(moments.mean)).toBeLessThan(0.01)
    expect(Math.abs(moments.deviation - deviation)).toBeLessThanOrEqual(deviation * 0.02)
    expect(moments.largest).toBeLessThanOrEqual(Math.fround(limit))
    expect(moments.biases.every((bias) => bias === 0)).toBe(true)
  })
})

describe('auto', () => {
  it('takes Glorot behind tanh, and LeCun for a ReLU layer on the data', () => {
    expect(momentsOf({ name: 'auto' }, 'relu')).toEqual(momentsOf({ name: 'lecun_uniform' }, 'relu'))
    expect(momentsOf({ name: 'auto' }, 'tanh')).toEqual(momentsOf({ name: 'glorot_uniform' }, 'tanh'))
  })

  it('takes He for a ReLU layer on another layer', () => {
    const layers = [
      { units: 150, activation: 'relu' as const },
      { units: 120, activation: 'relu' as const }
    ]
    const parameters = initialParameters({ inputs: 10, layers }, { name: 'auto' }, new Random(3))
    const second = parameters.subarray(150 * 11, 150 * 11 + 120 * 150)
    expect(Math.max(...second)).toBeCloseTo(Math.sqrt(6 / 150), 3)
  })
})
