/** Ensembles from a terminal: a number that is shown, tested and predicted with as that of a run. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'

interface Trained {
  readonly run: { readonly id: number; readonly members?: number[]; readonly temperature?: number }
  readonly metrics: { readonly validation: { loss: number; accuracy?: number; rmse?: number } }
}

const files = temporaryFolder()
const lab = temporaryFolder()
const table = join(files, 'rings.csv')
const rows = Array.from({ length: 200 }, (_, row) => {
  const [x, y] = [Math.sin(row * 1.7) * 2, Math.cos(row * 0.9) * 2]
  const kind = x * x + y * y + Math.sin(row * 31) > 3 ? 'out' : 'in'
  return `${x.toFixed(4)},${y.toFixed(4)},${kind},${(x * y + Math.sin(row * 17) / 4).toFixed(4)},${['train', 'train', 'validation', 'test'][row % 4]}`
})
writeFileSync(table, `x,y,kind,product,part\n${rows.join('\n')}\n`)

async function json<Document>(...args: string[]): Promise<Document> {
  const result = await runCli([...args, '--lab', lab, '--json', '--quiet'])
  expect(result, result.stderr).toMatchObject({ code: 0 })
  return JSON.parse(result.stdout) as Document
}
const refusal = async (...args: string[]) => (await runCli([...args, '--lab', lab, '--quiet'])).stderr

const train = (target: string, seed: number) =>
  json<Trained>(
    ...['train', table, '--target', target, '--ignore', target === 'kind' ? 'product' : 'kind', '--hidden', '6'],
    ...['--epochs', '30', '--seed', String(seed), '--limits']
  )

/** The column of a written CSV. */
async function predictions(run: number, column: string): Promise<number[]> {
  const out = join(files, `predicted-${run}.csv`)
  await json('predict', String(run), table, '--out', out, '--probabilities')
  const [header = '', ...lines] = readFileSync(out, 'utf8').trim().split('\n')
  const place = header.split(',').indexOf(column)
  return lines.map((line) => Number(line.split(',')[place]))
}

describe('classes', () => {
  let members: number[]
  beforeAll(async () => {
    members = [(await train('kind', 1)).run.id, (await train('kind', 2)).run.id, (await train('kind', 3)).run.id]
  })

  test('the average of probabilities, the same bits whoever is named first, shown and tested as a run', async () => {
    const ids = members.map(String)
    const [first, second] = [
      await json<Trained>('ensemble', ...ids),
      await json<Trained>('ensemble', ...ids.toReversed(), ids[0] ?? '')
    ]
    expect(first.run.members).toEqual(members)
    expect(second.metrics).toEqual(first.metrics)
    const own = await predictions(first.run.id, 'probability of in')
    expect(await predictions(second.run.id, 'probability of in')).toEqual(own)
    const each = await Promise.all(members.map((run) => predictions(run, 'probability of in')))
    own.forEach((p, row) => {
      const mean = each.reduce((sum, of) => sum + (of[row] ?? NaN), 0) / each.length
      expect(p).toBeCloseTo(mean, 6)
    })
    // The loss is that of the averaged probabilities, on the rows of the validation part.
    const validation = rows.flatMap((line, row) => (line.endsWith('validation') ? [row] : []))
    const loss = validation.reduce((sum, row) => {
      const p = own[row] ?? NaN
      return sum - Math.log(rows[row]?.includes(',in,') ? p : 1 - p)
    }, 0)
    expect(first.metrics.validation.loss).toBeCloseTo(loss / validation.length, 5)
    const shown = await json<Trained & { message: string }>('show', String(first.run.id))
    expect(shown.message).toContain(`The average of runs ${members.join(', ')}`)
    const tested = await json<{ test: { loss: number; accuracy: number } }>('test', String(first.run.id))
    expect(tested.test.accuracy).toBeGreaterThan(0.6)
    // It outlives its members.
    await json('complexity', 'rings: kind')
  })

  test('a temperature is fitted after averaging, lowers the loss where it was fitted, and changes no label', async () => {
    const ids = members.map(String)
    const plain = await json<Trained>('ensemble', ...ids)
    const scaled = await json<Trained>('ensemble', ...ids, '--calibrate')
    expect(scaled.run.temperature).toBeGreaterThan(0)
    expect(scaled.metrics.validation.loss).toBeLessThanOrEqual(plain.metrics.validation.loss + 1e-9)
    expect(scaled.metrics.validation.accuracy).toBe(plain.metrics.validation.accuracy)
    const [p, q] = [
      await predictions(plain.run.id, 'probability of in'),
      await predictions(scaled.run.id, 'probability of in')
    ]
    const out = join(files, 'sets.csv')
    await json('predict', String(scaled.run.id), table, '--out', out, '--interval', '0.9')
    const sets = readFileSync(out, 'utf8').trim().split('\n')
    expect(sets[0]?.endsWith('predicted kind,kind within 90 %')).toBe(true)
    expect(sets.slice(1).every((line) => /(in|out|in \| out)$/.test(line))).toBe(true)
    for (const format of ['onnx', 'js', 'json']) {
      const made = await json<{ export: { proof: { rows: number; largestDifference: number } } }>(
        ...['export', String(scaled.run.id), '--format', format, '--out', join(files, `ensemble-${format}.${format}`)]
      )
      expect(made.export.proof.rows).toBe(150)
      expect(made.export.proof.largestDifference).toBeLessThan(1e-5)
    }
    expect(
      await refusal('export', String(scaled.run.id), '--format', 'pmml', '--out', join(files, 'ensemble.pmml'))
    ).toContain("An ensemble can't be written as pmml. Choose onnx")
    const power = (value: number) => value ** (1 / (scaled.run.temperature ?? NaN))
    p.forEach((value, row) => expect(q[row]).toBeCloseTo(power(value) / (power(value) + power(1 - value)), 5))
  })

  test('what does not belong together is refused in a sentence', async () => {
    const [first = 0, second = 0] = members
    expect(await refusal('ensemble', String(first))).toContain('at least two different runs')
    expect(await refusal('ensemble', String(first), '999')).toContain('999')
    const { run } = await train('product', 1)
    expect(await refusal('ensemble', String(first), String(run.id))).toContain('belong to different experiments')
    const made = await json<Trained>('ensemble', String(first), String(second))
    expect(await refusal('ensemble', String(first), String(made.run.id))).toContain('is an ensemble itself')
    expect(await refusal('choose', 'rings: kind', String(made.run.id))).toContain('choose one of its members')
  })
})

test('numbers are averaged, each member within the limits', async () => {
  const members = [await train('product', 4), await train('product', 5)].map(({ run }) => run.id)
  const made = await json<Trained>('ensemble', ...members.map(String))
  const own = await predictions(made.run.id, 'predicted product')
  const each = await Promise.all(members.map((run) => predictions(run, 'predicted product')))
  own.forEach((value, row) => expect(value).toBeCloseTo(((each[0]?.[row] ?? 0) + (each[1]?.[row] ?? 0)) / 2, 4))
  const validation = rows.flatMap((line, row) => (line.endsWith('validation') ? [row] : []))
  const squares = validation.map((row) => ((own[row] ?? NaN) - Number(rows[row]?.split(',')[3])) ** 2)
  const rmse = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length)
  expect(made.metrics.validation.rmse).toBeCloseTo(rmse, 4)
  const out = join(files, 'bounds.csv')
  const written = await json<{ predictions: { interval: { halfWidth: number; rows: number; held: number } } }>(
    ...['predict', String(made.run.id), table, '--out', out, '--interval', '0.8']
  )
  const [header = '', ...lines] = readFileSync(out, 'utf8').trim().split('\n')
  expect(header.split(',').slice(-3)).toEqual(['predicted product', 'lower 80 % of product', 'upper 80 % of product'])
  // The 41st of the 50 residuals of the validation part, to either side.
  const residuals = squares.map(Math.sqrt).sort((a, b) => a - b)
  expect(written.predictions.interval).toMatchObject({
    rows: 50,
    halfWidth: expect.closeTo(residuals[40] ?? NaN, 4) as number
  })
  for (const line of lines) {
    const [value = NaN, lower = NaN, upper = NaN] = line.split(',').slice(-3).map(Number)
    expect(upper - value).toBeCloseTo(residuals[40] ?? NaN, 3)
    expect(value - lower).toBeCloseTo(residuals[40] ?? NaN, 3)
  }
  expect(await refusal('predict', String(made.run.id), table, '--out', out, '--interval', '0.99')).toContain(
    'The validation part has 50 rows, which can promise at most 98.0 %'
  )
  expect(await refusal('ensemble', ...members.map(String), '--calibrate')).toContain(
    'A temperature is of probabilities'
  )
})
