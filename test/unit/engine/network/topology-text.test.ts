import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hiddenActivationNames } from '#engine/network/activations.ts'
import { type Layer, normalisationNames } from '#engine/network/topology.ts'
import {
  fillTemplate,
  parseHidden,
  readTemplate,
  sharedActivation,
  writeHidden
} from '#engine/network/topology-text.ts'

const shape = { inputs: 30, outputs: 2 }
const read = (text: string) => parseHidden(text, shape, 'relu')
const units = (text: string) => read(text).map((layer) => layer.units)

describe('sizes', () => {
  test.each([
    ['none', []],
    ['0', []],
    ['64x32', [64, 32]],
    ['64 \u00d7 32', [64, 32]],
    ['2axa', [32, 16]],
    ['2a x a', [32, 16]],
    ['i/2 x o', [15, 2]],
    ['I+O', [32]],
    ['(i + o) / 3', [11]],
    ['2(i-o)*0.5x i-o-8', [28, 20]],
    ['o/8', [1]],
    ['o - i', [1]]
  ])('%s', (text, expected) => {
    expect(units(text)).toEqual(expected)
  })
})

test('a layer names its activation, normalisation, dropout and slope, in any order', () => {
  expect(read('64:tanh:dropout=20%x32:dropout=0.5:batchnorm:relux a:leaky_relu:slope=0.1:layer')).toEqual([
    { units: 64, activation: 'tanh', dropout: 0.2 },
    { units: 32, activation: 'relu', dropout: 0.5, normalisation: 'batch' },
    { units: 16, activation: 'leaky_relu', slope: 0.1, normalisation: 'layer' }
  ])
})

test('a template says which sizes follow the data, and takes those of other data', () => {
  const template = readTemplate('2a x 8')
  expect(template.map((layer) => [layer.size, layer.followsData])).toEqual([
    ['2a', true],
    ['8', false]
  ])
  expect(fillTemplate(template, { inputs: 4, outputs: 3 }, 'tanh')).toEqual([
    { units: 7, activation: 'tanh' },
    { units: 8, activation: 'tanh' }
  ])
})

test('what is written is read back as it was, whatever the layers', () => {
  const share = fc.integer({ min: 1, max: 999 }).map((thousandths) => thousandths / 1000)
  const layer: fc.Arbitrary<Layer> = fc.record(
    {
      units: fc.integer({ min: 1, max: 8192 }),
      activation: fc.constantFrom(...hiddenActivationNames),
      dropout: share,
      slope: share,
      normalisation: fc.constantFrom(...normalisationNames)
    },
    { requiredKeys: ['units', 'activation'] }
  )
  const same = layer.chain(({ activation }) => fc.array(layer.map((each) => ({ ...each, activation }))))
  fc.assert(
    fc.property(fc.oneof(fc.array(layer, { maxLength: 63 }), same), (layers) => {
      const unnamed = sharedActivation(layers)
      expect(parseHidden(writeHidden(layers, unnamed), shape, unnamed ?? 'silu')).toEqual(layers)
    })
  )
})

test('no text makes the reader fail without a sentence', () => {
  const text = fc.array(fc.constantFrom('6', '4', 'x', 'a', 'i', '(', ')', '/', '-', ':', 'relu', 'dropout=', ' ', '.'))
  fc.assert(
    fc.property(text, (pieces) => {
      try {
        expect(read(pieces.join('')).every((layer) => Number.isInteger(layer.units) && layer.units >= 1)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    })
  )
})

describe('what can not be read is named', () => {
  test.each([
    ['64xbanana', '"banana" is no layer'],
    ['64y32', '"64y32" is no layer'],
    ['64x', 'A layer is missing'],
    ['2.5', '"2.5" is no layer'],
    ['0x32', '"0" asks for 0'],
    ['99999', '"99999" asks for 99999'],
    ['900i', '"900i" gives 27000'],
    ['i/0', '"i/0" is no layer'],
    ['(a', 'parenthesis'],
    ['8:softmax', '"softmax" is no activation'],
    ['8:dropout', 'Write a share after dropout'],
    ['8:dropout=1', 'from 0 to below 1'],
    [Array.from({ length: 64 }, () => '2').join('x'), 'at most 63 hidden layers']
  ])('%s', (text, sentence) => {
    expect(() => read(text)).toThrow(RangeError)
    expect(() => read(text)).toThrow(sentence)
  })
})
