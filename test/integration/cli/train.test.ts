/** The commands over a real lab: import, train, look, test, interrupt, resume; alone and beside an owner. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { RunDetails } from '#engine/training/metrics.ts'
import { runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses, writeNumbers } from '#test/integration/cli/tables.ts'

const files = temporaryFolder()
const lab = temporaryFolder()

interface RunDocument {
  readonly run: { id: number; status: string; experiment: string; dataset: string; epochs: number; bestEpoch: number }
  readonly metrics: Record<'train' | 'validation', Record<string, number>>
  readonly seconds: number
}

/** Runs a command that has to succeed, and gives its one document. */
async function json<Document>(...args: string[]): Promise<Document> {
  const result = await runCli([...args, '--lab', lab, '--json'])
  expect(result).toMatchObject({ code: 0, stderr: '' })
  expect(result.stdout.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(result.stdout) as Document
}

const quick = ['--hidden', '8', '--epochs', '15', '--learning-rate', '0.01']

describe('one table from the file to the opened test part', () => {
  let id = ''
  let trained: RunDocument

  beforeAll(async () => {
    const { dataset } = await json<{ dataset: { id: string } }>('import', writeClasses(files))
    id = dataset.id
    trained = await json<RunDocument>('train', id, '--target', 'side', ...quick)
  })

  test('import and describe print the profile', async () => {
    const described = await json<{ dataset: Record<string, unknown> }>('describe', 'clouds')
    expect(described.dataset).toMatchObject({
      id,
      name: 'clouds',
      rows: 240,
      columns: [
        { name: 'x', type: 'numeric', missing: 0 },
        { name: 'y', type: 'numeric', missing: 0 },
        { name: 'colour', type: 'categorical', missing: 0, distinct: 3 },
        { name: 'side', type: 'categorical', missing: 0, distinct: 2 }
      ],
      warnings: []
    })
    expect(await json('describe', id.slice(0, 6))).toEqual(described)
    expect(await json('datasets')).toMatchObject({ datasets: [{ id, name: 'clouds', rows: 240, columnCount: 4 }] })
  })

  test('the same content is recognised, not stored again', async () => {
    const again = await runCli(['import', writeClasses(files, 'copy.csv'), '--lab', lab, '--json'])
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ dataset: { id } })
    expect(again.stderr).toContain('already')
    expect((await json<{ datasets: unknown[] }>('datasets')).datasets).toHaveLength(1)
  })

  test('train prints the run with its figures at the best epoch, and nothing of the test part', () => {
    expect(trained).toEqual({
      run: {
        id: 1,
        status: 'done',
        experiment: expect.any(String) as string,
        dataset: id,
        target: 'side',
        task: 'classification',
        topology: {
          inputs: 5,
          layers: [
            { units: 8, activation: 'relu' },
            { units: 2, activation: 'softmax' }
          ]
        },
        plan: {
          loss: 'cross_entropy',
          optimizer: { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
          initialisation: { name: 'auto' },
          batchSize: 32,
          stopping: { epochs: 15, patience: 200 }
        },
        parameters: 5 * 8 + 8 + 8 * 2 + 2,
        seed: 1,
        epochs: 15,
        bestEpoch: expect.any(Number) as number
      },
      metrics: {
        train: { loss: expect.any(Number) as number, accuracy: expect.any(Number) as number },
        validation: { loss: expect.any(Number) as number, accuracy: expect.any(Number) as number }
      },
      seconds: expect.any(Number) as number
    })
    expect(trained.metrics.validation['accuracy']).toBeGreaterThan(0.8)
  })

  test('the same command gives the same numbers, in the same experiment', async () => {
    const twin = await json<RunDocument>('train', writeClasses(files), '--target', 'side', ...quick)
    expect(twin.metrics).toEqual(trained.metrics)
    expect(twin.run).toMatchObject({ experiment: trained.run.experiment, bestEpoch: trained.run.bestEpoch })
    const other = await json<RunDocument>('train', id, '--target', 'side', ...quick, '--seed', '2')
    expect(other.metrics).not.toEqual(trained.metrics)
  })

  test('runs are listed newest first; show adds the curve', async () => {
    const { runs } = await json<{ runs: { id: number }[] }>('runs')
    expect(runs.map((run) => run.id)).toEqual([3, 2, 1])
    expect(runs.at(-1)).toEqual({ ...trained.run, metrics: trained.metrics, seconds: trained.seconds })
    const shown = await json<{ curve: Record<string, number>[]; details: RunDetails }>('show', '1')
    expect(shown).toMatchObject({ run: trained.run, metrics: trained.metrics })
    expect(shown.curve.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1))
    const { epoch, validation } = shown.details
    expect(epoch).toBe(trained.run.bestEpoch)
    if (validation?.task !== 'classification') throw new Error('The validation part was measured.')
    const right = validation.confusion?.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) ?? 0
    expect(right / 48).toBeCloseTo(trained.metrics.validation['accuracy'] ?? NaN, 6)
    expect(validation.logLoss).toBeCloseTo(trained.metrics.validation['loss'] ?? NaN, 4)
    const best = shown.curve[trained.run.bestEpoch - 1]
    expect(best?.['validationLoss']).toBeCloseTo(trained.metrics.validation['loss'] ?? NaN, 6)
    expect(Math.min(...shown.curve.map((record) => record['validationLoss'] ?? NaN))).toBe(best?.['validationLoss'])
  })

  test('the test part is opened by one command only, which counts', async () => {
    const before = [await runCli(['show', '1', '--lab', lab]), await runCli(['runs', '--lab', lab])]
    const first = await json<{ run: number; test: Record<string, number>; opening: { count: number } }>('test', '1')
    expect(first).toEqual({
      run: 1,
      test: { loss: expect.any(Number) as number, accuracy: expect.any(Number) as number },
      opening: {
        at: expect.any(Number) as number,
        count: 1,
        expectation: expect.objectContaining({ ofRun: 1, outcome: expect.any(String) as string }) as object
      }
    })
    // No other command has learned anything by that.
    expect([await runCli(['show', '1', '--lab', lab]), await runCli(['runs', '--lab', lab])]).toEqual(before)
    for (const command of [['show', '1'], ['runs'], ['describe', id]]) {
      expect(JSON.stringify(await json(...command))).not.toContain(String(first.test['loss']))
    }
    expect(await json('test', '2')).toMatchObject({ run: 2, test: first.test, opening: { count: 2 } })
  })

  test('people read aligned text', async () => {
    const { stdout } = await runCli(['show', '1', '--lab', lab])
    expect(stdout).toMatch(/^run +1 \(done\)\n/)
    expect(stdout).toContain('topology       5-8-2 relu\n')
    expect(stdout).toMatch(/\npart +loss +accuracy\ntraining +\d/)
    expect(stdout).toMatch(
      /\nValidation part at epoch \d+, true class by row, predicted by column:\n +\S+ +\S+\n\S+ +\d+ +\d+\n/
    )
    expect(stdout).toMatch(/\nmean of classes +\d/)
  })
})

describe('options', () => {
  test('of the plan reach the run, and what can not be trained is refused with a sentence', async () => {
    const table = writeClasses(files, 'options.csv')
    const more = ['--schedule', 'cosine', '--init', 'normal', '--normalisation', 'layer', '--dropout', '0.1']
    const held = ['--l2', '0.001', '--weight-decay', '0.01', '--clip-norm', '1', '--label-smoothing', '0.1']
    const all = [...more, ...held, '--class-weights', '1,3']
    const { run } = await json<RunDocument & { run: { topology: unknown } }>(
      ...['train', table, '--target', 'side', ...quick, ...all]
    )
    expect(run.topology).toMatchObject({
      layers: [{ units: 8, activation: 'relu', dropout: 0.1, normalisation: 'layer' }, { units: 2 }]
    })
    const shown = await json<{ curve: Record<string, number>[] }>('show', String(run.id))
    expect(shown.curve.at(-1)?.['learningRate']).toBeLessThan(0.001)

    const refused = await runCli(['train', table, '--target', 'side', '--optimizer', 'lbfgs', '--lab', lab])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('needs the full batch') as string })
    const solved = [...quick, '--optimizer', 'lbfgs', '--batch', 'full', '--learning-rate', '1']
    expect((await json<RunDocument>('train', table, '--target', 'side', ...solved)).run.status).toBe('done')
  })

  test('a number is a regression, with its figures in units of the target', async () => {
    const { run, metrics } = await json<RunDocument & { run: { task: string } }>(
      'train',
      writeNumbers(files),
      ...['--target', 'price', '--hidden', 'none', '--epochs', '200', '--learning-rate', '0.02']
    )
    expect(run.task).toBe('regression')
    for (const part of [metrics.train, metrics.validation]) {
      expect(Object.keys(part).sort()).toEqual(['loss', 'mae', 'r2', 'rmse'])
      expect(part['r2']).toBeGreaterThan(0.97)
      expect(part['rmse']).toBeLessThan(4)
    }
  })

  test('all of them reach the run', async () => {
    const { run } = await json<{ run: Record<string, unknown> }>(
      'train',
      'clouds',
      ...['--target', 'side', '--task', 'classification', '--ignore', 'colour,x', '--split', '50/25/25'],
      ...['--split-seed', '7', '--hidden', '4x3:tanh', '--activation', 'sigmoid', '--optimizer', 'momentum'],
      ...['--learning-rate', '0.05', '--batch', 'full', '--epochs', '40', '--patience', '3', '--seed', '9'],
      // With one column left rows are alike, which is said unless nothing is to be said.
      ...['--experiment', 'only y', '--missing', 'drop', '--scale', 'minmax', '--quiet']
    )
    expect(run).toMatchObject({
      status: 'done',
      experiment: 'only y',
      topology: {
        inputs: 1,
        layers: [
          { units: 4, activation: 'sigmoid' },
          { units: 3, activation: 'tanh' },
          { units: 2, activation: 'softmax' }
        ]
      },
      seed: 9
    })
    const { runs } = await json<{ runs: { id: unknown }[] }>('runs', '--experiment', 'only y')
    expect(runs.map(({ id }) => id)).toEqual([run['id']])
  })

  test('an experiment keeps its question', async () => {
    const result = await runCli(['train', 'clouds', '--target', 'side', '--experiment', 'only y', '--lab', lab])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(/^The experiment "only y" has another .*\n$/)
  })
})

test('a run that diverges is a result: its document, a sentence, exit 1', async () => {
  const args = ['train', writeNumbers(files), '--target', 'price', '--optimizer', 'sgd', '--learning-rate', '10']
  const result = await runCli([...args, '--epochs', '200', '--lab', lab, '--json'])
  expect(result.code).toBe(1)
  expect(JSON.parse(result.stdout)).toMatchObject({ run: { status: 'diverged' } })
  expect(result.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(result.stderr).toContain('epoch')
})

describe('Ctrl-C', () => {
  const newest = async () => (await json<{ runs: { id: number; epochs: number }[] }>('runs')).runs[0]
  // Beside its owner the lab can be read; there we see that the run is on its way.
  const startTraining = async (args: string[]) => {
    const before = (await newest())?.id ?? 0
    const running = startCli([...args, '--lab', lab, '--json'])
    const isOnItsWay = async () => {
      const run = await newest()
      return run !== undefined && run.id > before && run.epochs > 5
    }
    await expect.poll(isOnItsWay, { timeout: 30_000 }).toBe(true)
    return running
  }

  test('leaves a run that resumes to the very numbers of its uninterrupted twin', async () => {
    const args = ['train', 'clouds', '--target', 'side', '--hidden', '64x64', '--epochs', '6000', '--patience', 'none']
    const running = await startTraining(args)
    running.child.kill('SIGINT')
    const interrupted = await running.result
    const id = String((await newest())?.id)
    expect(interrupted).toEqual({
      code: 130,
      stdout: '',
      stderr: `Run ${id} was interrupted; go on with: lab resume ${id}\n`
    })
    expect(await json('show', id)).toMatchObject({ run: { status: 'interrupted' } })

    const resumed = await json<RunDocument>('resume', id)
    const twin = await json<RunDocument>(...args)
    expect(resumed.run).toMatchObject({ status: 'done', epochs: 6000, bestEpoch: twin.run.bestEpoch })
    expect(resumed.metrics).toEqual(twin.metrics)
  })

  test('ends the command that has the lab; until then others may look, and learn who has it', async () => {
    const running = await startTraining([
      'train',
      'clouds',
      '--target',
      'side',
      '--epochs',
      '1000000',
      '--patience',
      'none'
    ])
    const refused = await runCli(['stop', '1', '--lab', lab])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain(`process ${running.child.pid}`)
    running.child.kill('SIGTERM')
    expect((await running.result).code).toBe(130)
  })

  test('in an import leaves nothing', async () => {
    const rows = Array.from(
      { length: 300_000 },
      (_, row) => `${row},${Math.sin(row)},${row % 7},${row % 2 ? 'a' : 'b'}`
    )
    const importing = startCli(['import', write(files, 'long.csv', ['n,x,k,c', ...rows]), '--lab', lab])
    importing.child.kill('SIGINT')
    expect((await importing.result).code).not.toBe(0)
    const { datasets } = await json<{ datasets: { name: string }[] }>('datasets')
    expect(datasets.map(({ name }) => name)).not.toContain('long')
  })
})

test('beside the web host a command joins it: its run is the host’s, and stays there', async () => {
  const host = startCli(['serve', '--no-open', '--lab', lab])
  await host.waitFor(/\n/)
  const { run } = await json<RunDocument>('train', 'clouds', '--target', 'side', ...quick, '--seed', '33')
  expect(run.status).toBe('done')

  const training = startCli([
    'train',
    'clouds',
    '--target',
    'side',
    '--epochs',
    '1000000',
    '--patience',
    'none',
    '--lab',
    lab
  ])
  const newest = async () => (await json<{ runs: { id: number; status: string }[] }>('runs')).runs[0]
  await expect.poll(async () => (await newest())?.status, { timeout: 30_000 }).toBe('running')
  training.child.kill('SIGINT')
  expect((await training.result).code).toBe(130)
  const id = String((await newest())?.id)
  // With its message, which tells of a run that has failed why it did.
  expect(await json('show', id)).toMatchObject({ run: { status: 'paused' }, message: null })
  expect(await json('stop', id)).toMatchObject({ run: { status: 'stopped' } })

  host.child.kill('SIGTERM')
  expect((await host.result).code).toBe(0)
})
