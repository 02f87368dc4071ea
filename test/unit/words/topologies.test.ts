/** Names of topologies among others. */
import { expect, it } from 'vitest'
import type { Layer } from '#engine/network/topology.ts'
import { describeHidden, nameTopology } from '#words/topologies.ts'

const relu = (units: number): Layer => ({ units, activation: 'relu' })
const tanh = (units: number): Layer => ({ units, activation: 'tanh' })
const differing = [
  { path: 'hidden.activation', text: 'tanh' },
  { path: 'stopping.epochs', text: 'max epochs 40' },
  { path: 'stopping.patience', text: 'patience 20' }
]

it('names a topology by its units, its activation where that differs, and other settings in brackets', () => {
  expect(nameTopology({ hidden: [tanh(32)], settings: differing, constant: null })).toBe(
    '32 tanh (max epochs 40, patience 20)'
  )
  expect(nameTopology({ hidden: [tanh(64), tanh(32)], settings: [], constant: null })).toBe('64x32')
  expect(nameTopology({ hidden: [], settings: differing.slice(1), constant: null })).toBe(
    'no hidden layer (max epochs 40, patience 20)'
  )
  expect(nameTopology({ hidden: [], settings: [], constant: null }, 'none')).toBe('none')
  expect(nameTopology({ hidden: [], settings: [], constant: 'majority class' }, 'none')).toBe('majority class')
})

it('says activations once where layers have their own', () => {
  const mixed = {
    hidden: [tanh(64), relu(32)],
    settings: [{ path: 'hidden.activation', text: 'tanh/relu' }],
    constant: null
  }
  expect(nameTopology(mixed)).toBe('64:tanh x 32:relu')
  expect(describeHidden(mixed.hidden)).toBe('64:tanh x 32:relu')
})
