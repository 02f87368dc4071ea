/** The stations of the chain rule: a sigmoid neuron, computation graphs, and backpropagation. */
import { expect, test } from 'vitest'
import { BackpropModel } from '#renderer/parts/foundations/backprop/model.svelte.ts'
import { SmallNetwork } from '#renderer/parts/foundations/backprop/small.ts'
import { placeNodes } from '#renderer/parts/foundations/graph/layout.ts'
import { givenOf, GraphModel, graphOf, kinds } from '#renderer/parts/foundations/graph/model.svelte.ts'
import { factorsOf, lossNames, SigmoidModel } from '#renderer/parts/foundations/sigmoid/model.svelte.ts'

test.each(lossNames)('the factors of %s multiply to its derivative by w', (loss) => {
  const at = { w: 0.7, b: -0.4, x: 1.3, t: 1 }
  const { byOutput, bySum, byWeight, gradient } = factorsOf(loss, at)
  expect(byOutput * bySum * byWeight).toBeCloseTo(gradient, 12)
  const h = 1e-5
  const difference =
    (factorsOf(loss, { ...at, w: at.w + h }).loss - factorsOf(loss, { ...at, w: at.w - h }).loss) / (2 * h)
  expect(gradient).toBeCloseTo(difference, 8)
})

test('from a badly wrong start the cross-entropy gets right while the squared error hardly moves', () => {
  const model = new SigmoidModel('')
  for (let step = 0; step < 20; step++) model.step()
  expect(model.courses.entropy.wrong.at(-1)).toBeLessThan(0.1)
  expect(model.courses.squared.wrong.at(-1)).toBeGreaterThan(0.8)
  const again = new SigmoidModel(model.address)
  expect(again.courses).toEqual(model.courses)
})

test.each(kinds)('the gradients of the graph "%s" are those of central differences', (kind) => {
  const given = givenOf(kind).map(({ value }) => value)
  const { graph, loss } = graphOf(kind, given)
  const gradients = graph.gradients(loss)
  const h = 1e-5
  givenOf(kind).forEach(({ label }, place) => {
    const moved = (by: number) =>
      graphOf(
        kind,
        given.map((value, at) => (at === place ? value + by : value))
      ).loss.value
    const node = graph.nodes.find((one) => one.label === label)
    expect(node, label).toBeDefined()
    if (node) expect(gradients.of(node)).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 6)
  })
})

test.each(kinds)('every node of "%s" stands behind its inputs, and none on another', (kind) => {
  const { graph } = graphOf(
    kind,
    givenOf(kind).map(({ value }) => value)
  )
  const { placed } = placeNodes(graph.nodes)
  const at = new Map(placed.map((one) => [one.node, one]))
  for (const { node, column } of placed) {
    if (node.kind === 'compute') for (const input of node.inputs) expect(at.get(input)?.column).toBeLessThan(column)
  }
  expect(new Set(placed.map(({ column, row }) => `${column} ${row.toFixed(4)}`)).size).toBe(placed.length)
})

test('a graph is walked node by node, forward then back, and comes back from its address', () => {
  const model = new GraphModel('')
  const { loss } = model.built
  expect(model.hasValue(loss)).toBe(false)
  while (model.step());
  expect(model.shown).toBe(model.length)
  expect(model.built.graph.nodes.every((node) => model.hasValue(node))).toBe(true)
  model.setGiven(0, 2.5)
  const again = new GraphModel(model.address)
  expect(again.built.loss.value).toBe(model.built.loss.value)
  expect(again.shown).toBe(model.shown)
  expect(new GraphModel('given=1,2').problem).toMatch(/more or fewer numbers/)
})

test('2-2-1 learns XOR', () => {
  const solved = [1, 2, 3, 4].map((seed) => {
    const net = new SmallNetwork({ hidden: [2], activation: 'tanh', loss: 'binary_cross_entropy', seed, rate: 0.3 })
    for (let row = 0; row < 2400; row++) net.update()
    return net.solved
  })
  expect(solved[0]).toBe(true)
  expect(solved.filter(Boolean).length).toBeGreaterThanOrEqual(2)
})

test('a pass goes through its phases, then the weights move and the next row comes', () => {
  const model = new BackpropModel('')
  const before = model.small.parameters
  const kindsOf = model.phases.map(({ kind }) => kind)
  expect(kindsOf).toEqual(['forward', 'forward', 'loss', 'backward', 'backward', 'update'])
  for (let phase = 0; phase < kindsOf.length; phase++) model.step()
  expect(model.isDone('update')).toBe(true)
  expect(model.small.parameters).toBe(before)
  expect(model.check?.passed).toBe(true)
  const promised = model.pass?.layers.map(({ after }) => after)
  model.step()
  expect(model.small.updates).toBe(1)
  expect(model.phase).toBe(0)
  expect(JSON.stringify(model.small.parameters)).toBe(JSON.stringify(promised))
})

test('backpropagation comes back from its address, weight by weight', () => {
  const model = new BackpropModel('hidden=3,2&activation=relu&seed=5')
  model.train(37)
  model.step()
  const again = new BackpropModel(model.address)
  expect(again.small.parameters).toEqual(model.small.parameters)
  expect(again.phase).toBe(1)
  expect(new BackpropModel('hidden=1.5').problem).toMatch(/no whole number/)
})

test('a run that can not be read says why', async () => {
  const model = new BackpropModel('of=run&run=7')
  await model.load(() => Promise.reject(new Error('There is no run 7.')))
  expect(model.failure).toBe('There is no run 7.')
  expect(model.pass).toBeNull()
})
