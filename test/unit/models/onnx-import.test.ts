/** ONNX as today's exporters write it: what is read gives the network that was meant, what is refused is called by its name. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DraftLayer } from '#lab/models/onnx-import/compile.ts'
import { readNetworkFile } from '#lab/models/onnx-import/read-file.ts'
import {
  external,
  floats,
  type Graph,
  integers,
  localFunction,
  model,
  node,
  raw
} from '#test/unit/models/onnx-bytes.ts'

let folder: string
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'topology-lab-onnx-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(bytes: Uint8Array, output: string | null = null, given: Readonly<Record<string, Uint8Array>> = {}) {
  const name = `net${++files}.onnx`
  const path = join(folder, name)
  await writeFile(path, bytes)
  for (const [each, content] of Object.entries(given)) await writeFile(join(folder, each), content)
  return readNetworkFile({ file: { path, name }, companions: [], output })
}

async function refusal(bytes: Uint8Array, output: string | null = null): Promise<string> {
  try {
    await read(bytes, output)
  } catch (error) {
    return (error as Error).message.replace(
      /^net\d+\.onnx can't be (taken over as a feedforward network:|read as an ONNX model\.) /,
      ''
    )
  }
  throw new Error('It was read.')
}

const w1 = [0.5, -1, 2, 0.25, 1, -0.5]
const b1 = [0.1, -0.2, 0.3]
const w2 = [1, 0, -1, 0.5, 2, -2]
const b2 = [0.05, -0.05]
const hidden = floats('w1', [3, 2], w1)
const weights = [hidden, floats('b1', [3], b1), floats('w2', [2, 3], w2), floats('b2', [2], b2)]
const first = node('Gemm', ['x', 'w1', 'b1'], ['z'], { transB: 1 })
const last = node('Gemm', ['h', 'w2', 'b2'], ['y'], { transB: 1 })

/** The network 2-3-2 with something between its layers, from z to h. */
const between = (...nodes: readonly Uint8Array[]): Graph => ({ nodes: [first, ...nodes, last], constants: weights })

const shapeOf = (layers: readonly DraftLayer[]) =>
  layers.map(({ inputs, units, activation, normalised }) => [inputs, units, activation, normalised !== null])
const relu = [
  [2, 3, 'relu', false],
  [3, 2, 'linear', false]
]

test('the plain network is read with its weights', async () => {
  const { layers } = await read(model(between(node('Relu', ['z'], ['h']))))
  expect(shapeOf(layers)).toEqual(relu)
  expect([...(layers[0]?.weights ?? [])]).toEqual(w1)
  expect([...(layers[1]?.biases ?? [])]).toEqual([...Float32Array.from(b2)])
})

describe('weights in files beside the model', () => {
  const two = Buffer.concat([Float32Array.from(w1), Float32Array.from(b1)].map((each) => Buffer.from(each.buffer)))
  const graph = (location: string, length = '24') =>
    model({
      ...between(node('Relu', ['z'], ['h'])),
      constants: [
        external('w1', [3, 2], { location, offset: '0', length }),
        external('b1', [3], { location, offset: '24' }),
        ...weights.slice(2)
      ]
    })

  test('are read by offset and length', async () => {
    const { layers } = await read(graph('beside.onnx.data'), null, { 'beside.onnx.data': two })
    expect([...(layers[0]?.weights ?? [])]).toEqual(w1)
    expect([...(layers[0]?.biases ?? [])]).toEqual([...Float32Array.from(b1)])
  })

  test('may be given with the model, as an upload has no folder', async () => {
    const elsewhere = join(folder, 'upload-1')
    await writeFile(elsewhere, two)
    const path = join(folder, 'upload-2')
    await writeFile(path, graph('given.onnx.data'))
    const companions = [{ path: elsewhere, name: 'given.onnx.data' }]
    const { layers } = readNetworkFile({ file: { path, name: 'net.onnx' }, companions, output: null })
    expect(shapeOf(layers)).toEqual(relu)
  })

  test.each([
    ['missing.data', '24', 'Its weights are in missing.data, which is not beside it. Give both files.'],
    ['../beside.data', '24', 'It names "../beside.data" as the file of its weights, which is no file beside it.'],
    [
      'beside.onnx.data',
      '2400',
      'beside.onnx.data is too short: it does not hold the weights that the model looks for in it.'
    ]
  ])('%s is refused with what is wrong', async (location, length, sentence) => {
    await writeFile(join(folder, 'beside.onnx.data'), two)
    expect(await refusal(graph(location, length))).toBe(sentence)
  })
})

test("PyTorch's view(x.size(0), -1) is no layer", async () => {
  const graph = between(
    node('Shape', ['z'], ['size']),
    node('Constant', [], ['first'], { value: integers('', [0]) }),
    node('Gather', ['size', 'first'], ['rows'], { axis: 0 }),
    node('Constant', [], ['axes'], { value: integers('', [0]) }),
    node('Unsqueeze', ['rows', 'axes'], ['row']),
    node('Constant', [], ['rest'], { value: integers('', [-1]) }),
    node('Concat', ['row', 'rest'], ['wanted'], { axis: 0 }),
    node('Reshape', ['z', 'wanted'], ['flat']),
    node('Relu', ['flat'], ['h'])
  )
  expect(shapeOf((await read(model(graph))).layers)).toEqual(relu)
})

describe('dropout', () => {
  const graph = (training: number) =>
    model({
      ...between(node('Relu', ['z'], ['r']), node('Dropout', ['r', 'ratio', 'training'], ['h', 'mask'])),
      constants: [...weights, floats('ratio', [], [0.5]), raw('training', 9, [], Uint8Array.of(training))]
    })

  test('is nothing once a network is only predicted with', async () => {
    expect(shapeOf((await read(graph(0))).layers)).toEqual(relu)
  })

  test('of a file in training mode is named', async () => {
    expect(await refusal(graph(1))).toBe(
      'it was exported in training mode: its Dropout still drops units. Export it with model.eval().'
    )
  })
})

describe('layer normalisation that is written out', () => {
  const graph = (epsilon: number) =>
    model({
      ...between(
        node('ReduceMean', ['z'], ['mean'], { axes: [-1] }),
        node('Sub', ['z', 'mean'], ['centred']),
        node('Pow', ['centred', 'two'], ['squares']),
        node('ReduceMean', ['squares'], ['variance'], { axes: [-1] }),
        node('Add', ['variance', 'epsilon'], ['safe']),
        node('Sqrt', ['safe'], ['deviation']),
        node('Div', ['centred', 'deviation'], ['standard']),
        node('Mul', ['standard', 'gain'], ['gained']),
        node('Add', ['gained', 'shift'], ['shifted']),
        node('Relu', ['shifted'], ['h'])
      ),
      constants: [
        ...weights,
        floats('two', [], [2]),
        floats('epsilon', [], [epsilon]),
        floats('gain', [3], [1, 2, 3]),
        floats('shift', [3], [0, 1, -1])
      ]
    })

  test('is layer normalisation, with its gain and shift', async () => {
    const { layers } = await read(graph(1e-5))
    expect(shapeOf(layers)[0]).toEqual([2, 3, 'relu', true])
    expect([...(layers[0]?.normalised?.gain ?? [])]).toEqual([1, 2, 3])
    expect([...(layers[0]?.normalised?.shift ?? [])]).toEqual([0, 1, -1])
  })

  test('with another epsilon is refused', async () => {
    expect(await refusal(graph(0.01))).toContain('its layer normalisation has another epsilon')
  })
})

describe('activations of several operators', () => {
  const number = (name: string, value: number) => floats(name, [], [value])
  const graph = (nodes: readonly Uint8Array[], constants: readonly Uint8Array[] = []) =>
    model({ ...between(...nodes), constants: [...weights, ...constants] })

  test.each([
    ['half at the end', [node('Mul', ['z', 'one'], ['p']), node('Mul', ['p', 'half'], ['h'])]],
    ['half at the beginning', [node('Mul', ['z', 'half'], ['p']), node('Mul', ['p', 'one'], ['h'])]],
    ['half in the share', [node('Mul', ['half', 'one'], ['p']), node('Mul', ['p', 'z'], ['h'])]]
  ])('GELU, %s', async (_, end) => {
    const begin = [
      node('Div', ['z', 'root'], ['scaled']),
      node('Erf', ['scaled'], ['erf']),
      node('Add', ['erf', 'unit'], ['one'])
    ]
    const constants = [number('root', Math.SQRT2), number('unit', 1), number('half', 0.5)]
    const { layers } = await read(graph([...begin, ...end], constants))
    expect(shapeOf(layers)[0]).toEqual([2, 3, 'gelu', false])
    // Nothing of the halves is left in the layer behind it.
    expect([...(layers[1]?.weights ?? [])]).toEqual(w2)
  })

  test.each([
    ['Mish', [node('Softplus', ['z'], ['s']), node('Tanh', ['s'], ['t']), node('Mul', ['z', 't'], ['h'])]],
    ['Tanhshrink (x - tanh x)', [node('Tanh', ['z'], ['t']), node('Sub', ['z', 't'], ['h'])]],
    [
      'quick GELU (x sigmoid(1.702 x))',
      [node('Mul', ['z', 'quick'], ['q']), node('Sigmoid', ['q'], ['s']), node('Mul', ['z', 's'], ['h'])]
    ],
    ['HardSwish', [node('HardSwish', ['z'], ['h'])]],
    ['ReLU6', [node('Clip', ['z', 'low', 'high'], ['h'])]]
  ])('%s is refused by its name', async (name, nodes) => {
    const constants = [number('quick', 1.702), number('low', 0), number('high', 6)]
    expect(await refusal(graph(nodes, constants))).toBe(`its activation is ${name}, which is none of this lab's.`)
  })

  test('two tensors of different layers skip layers', async () => {
    const nodes = [node('Relu', ['z'], ['r']), node('Gemm', ['r', 'w3'], ['s']), node('Add', ['r', 's'], ['h'])]
    const square = floats('w3', [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    expect(await refusal(graph(nodes, [square]))).toBe(
      'its operator Add joins two computed tensors, so layers are skipped.'
    )
  })
})

test.each([
  ['Softmax', 0, 'its Softmax runs over the rows (axis 0) instead of over the classes.'],
  ['LogSoftmax', 0, 'its LogSoftmax runs over the rows (axis 0) instead of over the classes.']
])('%s over the rows is refused', async (op, axis, sentence) => {
  const graph = between(node('Relu', ['z'], ['h']))
  const nodes = [...graph.nodes, node(op, ['y'], ['p'], { axis })]
  expect(await refusal(model({ ...graph, nodes, outputs: ['p'] }))).toBe(sentence)
})

describe('a file of two networks', () => {
  const graph = model({
    nodes: [first, node('Relu', ['z'], ['h']), last, node('Gemm', ['h', 'w3'], ['other'], { transB: 1 })],
    constants: [...weights, floats('w3', [1, 3], [1, 1, 1])],
    outputs: ['y', 'other']
  })

  test('asks which one is meant, and takes that', async () => {
    expect(await refusal(graph)).toBe(
      'it has several outputs (y, other), and a network here has one. Say which with the option --output.'
    )
    expect((await read(graph, 'other')).layers.at(-1)?.units).toBe(1)
    expect(await refusal(graph, 'third')).toContain('it has no output "third"; its outputs are y, other')
  })

  test('that is one at two stages is taken at its end', async () => {
    const nodes = [first, node('Relu', ['z'], ['h']), last, node('Softmax', ['y'], ['p'])]
    const { layers } = await read(model({ nodes, constants: weights, outputs: ['y', 'p'] }))
    expect(layers.at(-1)?.activation).toBe('softmax')
  })
})

test.each([
  ['float16', raw('w1', 10, [3, 2], new Uint8Array(12)), 'its tensor w1 is stored in half precision (float16)'],
  ['bfloat16', raw('w1', 16, [3, 2], new Uint8Array(12)), 'its tensor w1 is stored in half precision (bfloat16)']
])('%s is refused by its name', async (_, tensor, sentence) => {
  const constants = [tensor, ...weights.slice(1)]
  expect(await refusal(model({ ...between(node('Relu', ['z'], ['h'])), constants }))).toContain(sentence)
})

test('quantised weights are refused as such', async () => {
  const nodes = [node('DequantizeLinear', ['q', 'scale'], ['w1']), ...between(node('Relu', ['z'], ['h'])).nodes]
  const constants = [raw('q', 3, [3, 2], new Uint8Array(6)), floats('scale', [], [0.1]), ...weights.slice(1)]
  expect(await refusal(model({ nodes, constants }))).toBe(
    'it is quantised (DequantizeLinear). Take the model as it was before it was quantised.'
  )
})

test('functions of the file itself are replaced by what they are made of, with the attributes of their caller', async () => {
  const leaky = localFunction('leaky', ['a'], ['b'], [node('LeakyRelu', ['a'], ['b'], { alpha: { ref: 'slope' } })])
  const linear = localFunction(
    'linear',
    ['a', 'w', 'c'],
    ['out'],
    [
      node('Transpose', ['w'], ['t'], { perm: [1, 0] }),
      node('MatMul', ['a', 't'], ['m']),
      node('Add', ['m', 'c'], ['out'])
    ]
  )
  const { layers } = await read(
    model({
      nodes: [
        node('linear', ['x', 'w1', 'b1'], ['z'], {}, 'own'),
        node('leaky', ['z'], ['h'], { slope: { float: 0.125 } }, 'own'),
        node('linear', ['h', 'w2', 'b2'], ['y'], {}, 'own')
      ],
      constants: weights,
      functions: [leaky, linear]
    })
  )
  expect(shapeOf(layers)).toEqual([
    [2, 3, 'leaky_relu', false],
    [3, 2, 'linear', false]
  ])
  expect(layers[0]?.slope).toBe(0.125)
  expect([...(layers[1]?.weights ?? [])]).toEqual(w2)
})

test('functions that call each other are refused', async () => {
  const ping = localFunction('ping', ['a'], ['b'], [node('pong', ['a'], ['b'], {}, 'own')])
  const pong = localFunction('pong', ['a'], ['b'], [node('ping', ['a'], ['b'], {}, 'own')])
  const graph = model({ ...between(node('ping', ['z'], ['h'], {}, 'own')), functions: [ping, pong] })
  expect(await refusal(graph)).toBe('It has too many operators for a network here.')
})

test('nodes in another order than they are computed in are put in order', async () => {
  const { nodes, constants } = between(node('Relu', ['z'], ['h']))
  expect(shapeOf((await read(model({ nodes: nodes.toReversed(), constants }))).layers)).toEqual(relu)
})

describe('linear models of scikit-learn', () => {
  const outputs = ['label', 'scores']
  const classifier = (attributes: Parameters<typeof node>[3]) =>
    model({ nodes: [node('LinearClassifier', ['x'], outputs, attributes, 'ai.onnx.ml')], outputs })

  test('of several classes are a network without hidden layer', async () => {
    const attributes = {
      coefficients: { floats: w1 },
      intercepts: { floats: b1 },
      classlabels_strings: ['a', 'b', 'c'],
      post_transform: 'SOFTMAX'
    }
    const { layers, classes } = await read(classifier(attributes))
    expect(shapeOf(layers)).toEqual([[2, 3, 'softmax', false]])
    expect(classes).toEqual(['a', 'b', 'c'])
  })

  test('of two classes give the probability of the second', async () => {
    const attributes = {
      coefficients: { floats: [-1, 2, 1, -2] },
      intercepts: { floats: [-0.5, 0.5] },
      classlabels_ints: [0, 1],
      post_transform: 'LOGISTIC'
    }
    const { layers } = await read(classifier(attributes))
    const [layer] = layers
    expect(shapeOf(layers)).toEqual([[2, 2, 'softmax', false]])
    // softmax of 0 and z is the sigmoid of z.
    expect([...(layer?.weights ?? [])]).toEqual([0, 0, 1, -2])
    expect([...(layer?.biases ?? [])]).toEqual([0, 0.5])
  })

  test('that tell classes apart one against the rest are refused as such', async () => {
    const attributes = {
      coefficients: { floats: w1 },
      intercepts: { floats: b1 },
      classlabels_strings: ['a', 'b', 'c'],
      post_transform: 'LOGISTIC'
    }
    expect(await refusal(classifier(attributes))).toContain('one against the rest')
  })

  test('of a number are one unit', async () => {
    const attributes = { coefficients: { floats: [3, -1] }, intercepts: { floats: [0.25] } }
    const { layers } = await read(model({ nodes: [node('LinearRegressor', ['x'], ['y'], attributes, 'ai.onnx.ml')] }))
    expect(shapeOf(layers)).toEqual([[2, 1, 'linear', false]])
    expect([...(layers[0]?.biases ?? [])]).toEqual([0.25])
  })
})

test.each([
  ['nothing', new Uint8Array(), 'The ONNX file has no graph.'],
  ['a number that has no end', new Uint8Array(100_000).fill(0xff), 'a number in it is longer than 64 bits'],
  ['a text', Buffer.from('version https://example.org/spec\n'), 'no ONNX model']
])('%s is no model', async (_, bytes, sentence) => {
  expect(await refusal(bytes)).toContain(sentence)
})
