import { describe, expect, it } from 'vitest'
import { describeNode, Graph, type Node } from '#engine/graph/graph.ts'
import { type OperationName, operationOf } from '#engine/graph/operations.ts'
import { centralDifferences, expectClose } from '#test/unit/engine/reference/support.ts'

describe('the local derivatives of', () => {
  it.each<[OperationName, number[]]>([
    ['add', [2, -3, 0.5]],
    ['subtract', [2, -3]],
    ['multiply', [2, 0, -3]],
    ['divide', [2, -3]],
    ['square', [-1.5]],
    ['square_root', [2.5]],
    ['exp', [0.7]],
    ['log', [0.7]],
    ['absolute', [-2]],
    ['maximum', [1, 4, 2]],
    ['minimum', [3, 4, 2]],
    ['sigmoid', [0.3]]
  ])('%s are those of central differences', (name, inputs) => {
    const operation = operationOf(name)
    expectClose(name, operation.derivatives(inputs), centralDifferences(operation.value, inputs), {
      absolute: 1e-9,
      relative: 1e-8
    })
  })
})

/** f = (x + y) z at x = -2, y = 5, z = -4. */
function example() {
  const graph = new Graph()
  const [x, y] = [graph.input('x', -2), graph.input('y', 5)]
  const z = graph.parameter('z', -4)
  const q = graph.compute('add', [x, y], 'q')
  return { graph, x, y, z, q, f: graph.compute('multiply', [q, z], 'f') }
}

it('computes values forward and gradients back', () => {
  const { graph, x, y, z, q, f } = example()
  expect(f.value).toBe(-12)
  const gradients = graph.gradients(f)
  expect([x, y, z, q, f].map(gradients.of)).toEqual([-4, -4, 3, -4, 1])
})

it('shows each step back: operation, upstream gradient, local derivative and contribution', () => {
  const { graph, x, y, z, q, f } = example()
  expect(graph.gradients(f).steps).toEqual([
    {
      node: f,
      upstream: 1,
      contributions: [
        { to: q, local: -4, contribution: -4 },
        { to: z, local: 3, contribution: 3 }
      ]
    },
    {
      node: q,
      upstream: -4,
      contributions: [
        { to: x, local: 1, contribution: -4 },
        { to: y, local: 1, contribution: -4 }
      ]
    }
  ])
  expect([x, z, q, f].map(describeNode)).toEqual(['x = -2 (input)', 'z = -4 (parameter)', 'q = x + y', 'f = q * z'])
})

it('adds up the gradients of a node that is used several times, also by one operation', () => {
  const graph = new Graph()
  const x = graph.parameter('x', 3)
  const cube = graph.compute('multiply', [x, x, x])
  const f = graph.compute('add', [cube, x])
  expect(graph.gradients(f).of(x)).toBe(3 * 9 + 1)
})

it('gives 0 by a node that the result does not depend on', () => {
  const { graph, x, z, q } = example()
  expect(graph.gradients(q).of(z)).toBe(0)
  expect(graph.gradients(x).of(q)).toBe(0)
})

it('finds gradient zero at the origin of x1^2 - x2^2, which is a saddle and no minimum', () => {
  const saddle = (a: number, b: number) => {
    const graph = new Graph()
    const [x1, x2] = [graph.parameter('x1', a), graph.parameter('x2', b)]
    const squareOf = (node: Node) => graph.compute('square', [node])
    const f = graph.compute('subtract', [squareOf(x1), squareOf(x2)])
    const gradients = graph.gradients(f)
    return { value: f.value, gradient: [x1, x2].map((node) => gradients.of(node) + 0) }
  }
  expect(saddle(0, 0)).toEqual({ value: 0, gradient: [0, 0] })
  expect(saddle(0, 1e-3).value).toBeLessThan(0)
  expect(saddle(1e-3, 0).value).toBeGreaterThan(0)
})
