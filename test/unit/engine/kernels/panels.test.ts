import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pack, panelFloats, rowStride, unpack } from '#engine/kernels/panels.ts'

const size = fc.integer({ min: 1, max: 40 })

it('gives back exactly what was packed, and leaves padding alone', () => {
  fc.assert(
    fc.property(size, size, (inputs, units) => {
      const count = units * (inputs + 1)
      const parameters = Float32Array.from({ length: count + 3 }, (_, index) => index + 1)
      const panels = new Float32Array(panelFloats(inputs, units))
      pack(parameters, 3, panels, inputs, units)
      expect(panels.filter((value) => value !== 0)).toHaveLength(count)
      const back = new Float32Array(count + 3)
      unpack(panels, back, 3, inputs, units)
      expect(back.subarray(3)).toEqual(parameters.subarray(3))
    })
  )
})

it('never chooses rows a multiple of 512 bytes apart', () => {
  for (let units = 1; units < 2000; units++) {
    expect(rowStride(units)).toBeGreaterThanOrEqual(units)
    expect((rowStride(units) * 4) % 512).not.toBe(0)
  }
})
