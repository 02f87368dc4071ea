/** Recipes are plans that can be trained, whatever the loss and the rows. */
import { expect, test } from 'vitest'
import { outputFor } from '#engine/network/losses.ts'
import { readTemplate } from '#engine/network/topology-text.ts'
import { checkPlan } from '#engine/training/check-plan.ts'
import { recipeNames, recipes } from '#engine/training/recipes.ts'

test.each(recipeNames)('%s is a plan without problems, from one row to a million', (name) => {
  for (const task of ['classification', 'regression'] as const) {
    const { loss, units, activation } = outputFor(task, task === 'classification' ? 3 : 1)
    const topology = { inputs: 2, layers: [{ units, activation }] }
    for (const rows of [1, 100, 20_000, 1_000_000])
      expect(checkPlan(recipes[name].plan(loss, rows), topology)).toEqual([])
    const { hidden } = recipes[name]
    if (hidden) expect(readTemplate(hidden[task]).length).toBeGreaterThan(0)
  }
})

test('a strong plan holds weights back the more the fewer rows there are, and sees large tables less often', () => {
  const decay = (rows: number) => {
    const { optimizer } = recipes.strong.plan('cross_entropy', rows)
    return optimizer.name === 'adamw' ? optimizer.weightDecay : NaN
  }
  expect([50, 1200, 12_000].map(decay)).toEqual([3, 1, 0.1])
  const epochs = (rows: number) => recipes.strong.plan('mean_squared_error', rows).stopping.epochs
  expect([100, 20_000, 100_000, 10_000_000].map(epochs)).toEqual([200, 200, 64, 20])
})
