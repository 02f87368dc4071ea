/** The units and backpropagation from a terminal: on gates, on tables, and on a run of the lab. */
import { expect, test } from 'vitest'
import { runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses } from '#test/integration/cli/tables.ts'

const files = temporaryFolder()
const lab = temporaryFolder()

async function documentOf(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runCli([...args, '--lab', lab, '--json'])
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Record<string, unknown>
}

test('a McCulloch-Pitts unit writes its truth table', async () => {
  const { rows } = await documentOf(['unit', 'mcculloch-pitts', '--weights=-1,-1', '--threshold=-1'])
  expect((rows as { output: number }[]).map(({ output }) => output)).toEqual([1, 1, 1, 0])
})

test('a perceptron learns OR within its bound, and tells that XOR can not be parted', async () => {
  const or = await documentOf(['unit', 'perceptron', '--data', 'or', '--rate', '0.1', '--steps'])
  expect(or).toMatchObject({ isLearned: true, accuracy: 1, separable: 'separable' })
  expect(or['updates']).toBeLessThanOrEqual(or['mostUpdates'] as number)
  expect(or['steps']).toHaveLength(or['updates'] as number)
  const xor = await documentOf(['unit', 'perceptron', '--data', 'xor'])
  expect(xor).toMatchObject({ isLearned: false, separable: 'inseparable', mostUpdates: null })
})

test('a perceptron and an Adaline learn a table with two classes', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => {
    const side = index % 2 === 0 ? -1 : 1
    return `${side * 2 + (index % 7) / 10},${side + (index % 5) / 10},red,${side < 0 ? 'no' : 'yes'}`
  })
  const table = write(files, 'two.csv', ['a,b,colour,said', ...rows])
  const perceptron = await documentOf(['unit', 'perceptron', table, '--target', 'said'])
  expect(perceptron).toMatchObject({
    inputs: ['a', 'b'],
    classes: ['no', 'yes'],
    accuracy: 1,
    separable: 'separable',
    rows: 60
  })
  const adaline = await documentOf(['unit', 'adaline', table])
  expect(adaline).toMatchObject({ accuracy: 1, inputs: ['a', 'b'] })
  const least = (adaline['leastSquares'] as { squaredError: number }).squaredError
  expect(adaline['squaredError']).toBeGreaterThanOrEqual(least - 1e-9)
  expect(adaline['squaredError']).toBeLessThan(least * 1.1)
})

test('a Madaline solves XOR', async () => {
  expect(await documentOf(['unit', 'madaline', '--data', 'xor', '--rule', 'or', '--units', '2'])).toMatchObject({
    isLearned: true,
    accuracy: 1
  })
  expect(await documentOf(['unit', 'madaline', '--data', 'xor', '--rule', 'two'])).toMatchObject({
    isLearned: true,
    accuracy: 1
  })
})

test('a target that has not two classes is refused with a sentence', async () => {
  const { code, stdout, stderr } = await runCli([
    'unit',
    'perceptron',
    writeClasses(files),
    '--target',
    'nowhere',
    '--lab',
    lab
  ])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/has no column "nowhere"/)
})

test('the pass of a row of a run is told with its numbers, checked, and lowers the loss of the row', async () => {
  const table = writeClasses(files)
  const trained = await runCli([
    'train',
    table,
    '--target',
    'side',
    '--hidden',
    '4',
    '--epochs',
    '5',
    '--lab',
    lab,
    '--json'
  ])
  expect(trained.code).toBe(0)
  const told = await documentOf(['backprop', '1'])
  expect(told['check']).toMatchObject({ passed: true })
  expect(told['lossAfter']).toBeLessThan(told['lossBefore'] as number)
  const layers = told['layers'] as {
    a: number[]
    delta: number[]
    gradient: { weights: number[][]; biases: number[] }
  }[]
  expect(layers).toHaveLength(2)
  const [hidden, output] = layers
  output?.gradient.weights.forEach((row, unit) =>
    row.forEach((value, input) =>
      expect(value).toBeCloseTo((output.delta[unit] ?? NaN) * (hidden?.a[input] ?? NaN), 10)
    )
  )
  const again = await runCli(['backprop', '1', '--row', String(told['row']), '--lab', lab])
  expect(again.stdout).toMatch(/check +passed/)
})
