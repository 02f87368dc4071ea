import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Complexity } from '#contract/selection.ts'
import { ComplexityView } from '#renderer/state/complexity-view.svelte.ts'

const parameters = { axis: 'parameters', measure: 'error', folds: null } as const

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A lab that answers only when it is told to. */
function slowLab() {
  const asked: { axis: unknown; answer: () => void }[] = []
  const complexity = ({ axis }: { axis?: unknown }) =>
    new Promise<Complexity>((resolve) => {
      asked.push({ axis, answer: () => resolve({ points: [] } as unknown as Complexity) })
    })
  return { asked, view: new ComplexityView({ complexity }, 1) }
}

test('asks once while an answer is due, and then for what was wanted last', async () => {
  const { asked, view } = slowLab()
  view.ask(parameters)
  view.ask(parameters)
  view.ask({ ...parameters, axis: 'depth' })
  expect(asked).toHaveLength(1)
  asked[0]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map(({ axis }) => axis)).toEqual(['parameters', 'depth'])
})

test('waits before it asks the same again, however many runs end meanwhile', async () => {
  const { asked, view } = slowLab()
  view.ask(parameters)
  asked[0]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  for (let run = 0; run < 100; run++) view.ask(parameters)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(600)
  expect(asked).toHaveLength(2)
  view.ask(parameters)
  view.close()
  asked[1]?.answer()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toHaveLength(2)
})

test('answers another question at once', async () => {
  const { asked, view } = slowLab()
  view.ask(parameters)
  asked[0]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  view.ask({ ...parameters, measure: 'loss' })
  expect(asked).toHaveLength(2)
  asked[1]?.answer()
  await vi.advanceTimersByTimeAsync(0)
  view.ask({ ...parameters, measure: 'loss', folds: 5 })
  expect(asked).toHaveLength(3)
})
