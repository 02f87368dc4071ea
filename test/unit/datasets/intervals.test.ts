/** Split conformal intervals and sets: what they promise is kept on fresh rows, however bad the predictions are. */
import { expect, test } from 'vitest'
import { Random } from '#engine/random.ts'
import { fitInterval, setOf } from '#lab/datasets/predicting/intervals.ts'

test('an interval is the order statistic that the promise asks for', () => {
  const targets = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const outputs = targets.map((target) => target + (target % 2 === 0 ? -target : target) / 10)
  // Of 9 rows the ninth of the sorted residuals holds 9 of 10.
  expect(fitInterval({ outputs, targets, classes: null }, 0.9)).toMatchObject({ kind: 'number', rows: 9 })
  expect(fitInterval({ outputs, targets, classes: null }, 0.9)).toHaveProperty('halfWidth', expect.closeTo(0.9, 9))
  expect(fitInterval({ outputs, targets, classes: null }, 0.5)).toHaveProperty('halfWidth', expect.closeTo(0.5, 9))
  expect(() => fitInterval({ outputs, targets, classes: null }, 0.95)).toThrow(
    'The validation part has 9 rows, which can promise at most 90.0 %'
  )
})

test('bounds hold nine of ten fresh numbers over many small fits, with predictions that are off', () => {
  const random = new Random(1)
  const draw = () => {
    const x = random.normal()
    const spread = Math.exp(random.normal())
    return { output: x, target: 1.3 * x + spread * random.normal() }
  }
  let held = 0
  const [fits, fresh] = [2000, 20]
  for (let fit = 0; fit < fits; fit++) {
    const rows = Array.from({ length: 40 }, draw)
    const calibration = {
      outputs: rows.map(({ output }) => output),
      targets: rows.map(({ target }) => target),
      classes: null
    }
    const interval = fitInterval(calibration, 0.9)
    if (interval.kind !== 'number') throw new Error('Numbers have bounds.')
    for (let row = 0; row < fresh; row++) {
      const { output, target } = draw()
      if (Math.abs(output - target) <= interval.halfWidth) held++
    }
  }
  // 37 of 41: with so few rows the promise is rounded up.
  expect(held / fits / fresh).toBeGreaterThan(0.895)
  expect(held / fits / fresh).toBeLessThan(0.91)
})

test('sets hold the class of nine of ten fresh rows, though the probabilities are far too sure', () => {
  const random = new Random(2)
  const draw = () => {
    const truth = Array.from({ length: 3 }, () => Math.exp(random.normal()))
    const sum = truth.reduce((a, b) => a + b)
    let [left, target] = [random.uniform() * sum, 0]
    while (target < 2 && left > (truth[target] ?? 0)) left -= truth[target++] ?? 0
    const sure = truth.map((p) => p ** 4)
    const total = sure.reduce((a, b) => a + b)
    return { outputs: sure.map((p) => p / total), target }
  }
  let held = 0
  const [fits, fresh] = [1000, 20]
  for (let fit = 0; fit < fits; fit++) {
    const rows = Array.from({ length: 49 }, draw)
    const calibration = {
      outputs: rows.flatMap(({ outputs }) => outputs),
      targets: rows.map(({ target }) => target),
      classes: 3
    }
    const interval = fitInterval(calibration, 0.9)
    if (interval.kind !== 'classes') throw new Error('Classes have sets.')
    for (let row = 0; row < fresh; row++) {
      const { outputs, target } = draw()
      if (setOf(outputs, interval.least).includes(target)) held++
    }
  }
  expect(held / fits / fresh).toBeGreaterThan(0.89)
  expect(held / fits / fresh).toBeLessThan(0.915)
})

test('a set is never empty, and names its classes in their order', () => {
  expect(setOf([0.2, 0.5, 0.3], 0.9)).toEqual([1])
  expect(setOf([0.2, 0.5, 0.3], 0.25)).toEqual([1, 2])
  expect(setOf([0.2, 0.5, 0.3], 0)).toEqual([0, 1, 2])
})
