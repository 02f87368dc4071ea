import { expect, test } from 'vitest'
import type { Layer } from '#engine/network/topology.ts'
import { nextSteps } from '#renderer/pure/runs/next-steps.ts'
import { run } from '#test/unit/renderer/state/support.ts'

function runOf(id: number, hidden: readonly Layer[], seed = 1) {
  const known = run(id, { seed })
  const output = known.topology.layers.at(-1)
  return { ...known, topology: { ...known.topology, layers: [...hidden, ...(output ? [output] : [])] } }
}

const tanh = (...sizes: number[]): Layer[] => sizes.map((units) => ({ units, activation: 'tanh' }))
const labels = (...given: Parameters<typeof nextSteps>) => nextSteps(...given).map(({ label }) => label)

test('another seed is one that the topology has not had, whatever others have', () => {
  const own = runOf(1, tanh(4))
  const others = [own, runOf(2, tanh(4), 5), runOf(3, tanh(8), 90)]
  const [step] = nextSteps(own, 'good', others)
  expect(step?.label).toBe('Train with seed 6')
  expect(step?.request).toMatchObject({ seeds: [6], hidden: tanh(4), parentId: 1, plan: own.plan })
})

test('simpler halves each layer, and a single unit is followed by none; larger doubles, and begins with eight', () => {
  expect(nextSteps(runOf(1, tanh(8, 3)), 'overfit', [])[0]?.request.hidden).toEqual(tanh(4, 1))
  expect(labels(runOf(1, tanh(1)), 'overfit', [])).toEqual(['Try no hidden layer'])
  expect(labels(runOf(1, []), 'overfit', [])).toEqual([])
  expect(nextSteps(runOf(1, tanh(8, 3)), 'too_small', [])[0]?.request.hidden).toEqual(tanh(16, 6))
  expect(labels(runOf(1, []), 'too_small', [])).toEqual(['Try 8'])
})

test('one that was still getting better gets twice the epochs, and one that nobody can judge gets nothing', () => {
  const own = runOf(1, tanh(4))
  const [step] = nextSteps(own, 'not_converged', [])
  expect(step?.request.plan.stopping.epochs).toBe(2 * own.plan.stopping.epochs)
  expect(labels(own, 'unjudged', [])).toEqual([])
  expect(labels({ ...own, data: { kind: 'fold', index: 1, of: 5 } }, 'overfit', [])).toEqual([])
})
