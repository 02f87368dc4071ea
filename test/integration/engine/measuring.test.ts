import { readFileSync } from 'node:fs'
import { afterAll, afterEach, expect, test } from 'vitest'
import { createTables, smallRun, startEngine } from '#test/integration/engine/engine.ts'

const tables = createTables()
const dataset = tables.quadrants('quadrants')
const part = dataset.validation ?? dataset.train
const engine = startEngine({ threads: 1, memoryPages: 64 })
const { topology, plan } = smallRun(1, dataset.id, 200)
const parameters = new Float32Array(2 * 8 + 8 + 8 * 2 + 2)

afterEach(() => engine.host.releaseDataset(dataset.id))
afterAll(async () => {
  await engine.host.close()
  tables.remove()
})

async function trained() {
  await engine.host.loadDataset(dataset)
  const outcome = await engine.train(smallRun(1, dataset.id, 200))
  if (!outcome.checkpoint || !outcome.validation) throw new Error('The run has no result.')
  return { parameters: outcome.checkpoint.best.parameters, validation: outcome.validation }
}

test('a part measured from its file has the figures that the run had, while another run trains', async () => {
  const { parameters, validation } = await trained()
  const started = engine.nextFrameOf(2)
  engine.host.startRun(smallRun(2, dataset.id, 1_000_000))
  await started
  expect(await engine.host.evaluate({ topology, plan, parameters, dataset, part })).toEqual(validation)
  const ended = engine.nextOf('run.ended', 2)
  engine.host.stopRun(2)
  await ended
})

test('predictions for rows are probabilities that lead to the measured accuracy', async () => {
  const { parameters, validation } = await trained()
  const bytes = readFileSync(part.path)
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, part.rows * 3)
  const outputs = await engine.host.predict({ topology, parameters, inputs: values.subarray(0, part.rows * 2) })
  expect(outputs).toHaveLength(part.rows * 2)
  let right = 0
  for (let row = 0; row < part.rows; row++) {
    const [first = NaN, second = NaN] = outputs.subarray(row * 2, row * 2 + 2)
    expect(first + second).toBeCloseTo(1, 5)
    if (Number(second > first) === values[part.rows * 2 + row]) right++
  }
  expect(right / part.rows).toBeCloseTo(validation.accuracy ?? NaN, 10)
})

test('what does not fit together is refused with a sentence', async () => {
  const { host } = engine
  const wider = { ...topology, inputs: 3 }
  await expect(host.evaluate({ topology: wider, plan, parameters, dataset, part })).rejects.toThrow(
    'The network has 3 inputs and the data set has 2; they must be equal.'
  )
  await expect(host.predict({ topology, parameters, inputs: new Float32Array(3) })).rejects.toThrow(
    '3 numbers are no whole rows of 2 inputs.'
  )
  await expect(
    host.evaluate({ topology, plan, parameters: parameters.subarray(1), dataset, part })
  ).rejects.toMatchObject({ code: 'engine' })
  await host.loadDataset(dataset)
  const outcome = await engine.train({ ...smallRun(3, dataset.id, 1), topology: wider })
  expect(outcome).toMatchObject({ status: 'failed', message: expect.stringContaining('3 inputs') as string })
})

test('a hundred requests leave the memory as it was', async () => {
  for (let request = 0; request < 100; request++) {
    await engine.host.evaluate({ topology, plan, parameters, dataset, part })
    await engine.host.predict({ topology, parameters, inputs: new Float32Array(2000) })
  }
  // All but the kernels' own page, in one piece.
  const whole = tables.writePart(
    'whole',
    1,
    (63 * 65_536) / (2 * 4),
    () => 0,
    () => 0
  )
  await engine.host.loadDataset({ ...dataset, id: 'whole', inputs: 1, train: whole, validation: null })
})
