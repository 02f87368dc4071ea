/** What the card beside an export tells: all of the network, what its columns hold, and how the file is called. */
import { describe, expect, it } from 'vitest'
import { deviceCosts } from '#lab/models/writers/c-costs.ts'
import { writeModelCard } from '#lab/models/model-card.ts'
import { randomModel } from '#test/integration/exports/models.ts'

const hidden = [
  { units: 8, activation: 'leaky_relu', slope: 0.2 },
  { units: 4, activation: 'tanh', normalisation: 'batch', dropout: 0.3 }
] as const
const model = randomModel(hidden, ['a|b', 'c'])
const proof = { rows: 10, largestDifference: 1e-7, tolerance: 1e-5 }

describe('the model card', () => {
  it('tells apart networks of the same units', () => {
    const card = writeModelCard(model, { format: 'json', proof })
    expect(card).toContain('hidden layers `8:leaky_relu:slope=0.2 x 4:tanh:batchnorm:dropout=0.3`')
    expect(card).toContain('| 1 | 8 | leaky_relu (slope 0.2) | none | 0 |')
    expect(card).toContain('| 2 | 4 | tanh | batch | 0.3 |')
    expect(card).toContain('| output | 2 | softmax | none | 0 |')
  })

  it('names dates and times, and a class with a bar as it is', () => {
    const card = writeModelCard(model, { format: 'json', proof })
    expect(card).toMatch(/\| `seen at` \| date \|/)
    expect(card).toMatch(/\| `born` \| date, as a number \|/)
    expect(card).toMatch(/\| `start` \| time or duration \|/)
    expect(card).toContain('Classes, in the order of the outputs: `a|b`, `c`.')
    expect(card).not.toContain('Inputs and outputs of the file')
  })

  it('tells what a C header takes of a device', () => {
    const linear = randomModel([], ['a', 'b'])
    const card = writeModelCard(linear, { format: 'c', proof })
    // 33 inputs to 2 units; on the stack the inputs, two rows of the widest layer and the outputs.
    expect(card).toContain('A row costs 66 multiply-adds, one activation a unit, and about 404 bytes of stack')
    const { flashBytes } = deviceCosts(linear)
    expect(flashBytes).toBeGreaterThan(4 * (33 * 2 + 2))
    expect(card).toContain(`the constants take ${flashBytes} bytes of flash`)
  })

  it('names the inputs of an ONNX file with their element types, and as doubles only those that need it', () => {
    const card = writeModelCard(model, { format: 'onnx', proof })
    expect(card).toContain('| `body mass (g)` (in) | float | (rows, 1) | number; missing: NaN |')
    expect(card).toContain('| `NAN` (in) | double | (rows, 1) | number; missing: NaN |')
    expect(card).toContain('| `island` (in) | string | (rows, 1) | text; missing: empty |')
    expect(card).toMatch(/\| `seen at` \(in\) \| double \| \(rows, 1\) \| days since 1970-01-01/)
    expect(card).toContain('| `species` (out) | string | (rows) | the most probable class |')
    expect(card).toContain('| `probabilities` (out) | float | (rows, 2) | probabilities of the classes |')
  })
})
