/** Exports through the lab: which figures go with them, one zip where that is asked, and nothing left where it can't be. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPromise } from 'yauzl'
import { toLabError } from '#contract/client-errors.ts'
import { openLab, planFor, ringsExperiment, startRuns, waitForStatus } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

it('measures the last weights anew, and shows the test figure only once it was opened, for the weights it is of', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const experiment = await ringsExperiment(client, folder)
  // Steps so long that the last epoch is not the best one.
  const plan = planFor(60)
  const [started] = await client.runs.start({
    experimentId: experiment.id,
    hidden: [{ units: 16, activation: 'tanh' }],
    plan: { ...plan, optimizer: { ...plan.optimizer, learningRate: 1 } },
    seeds: [1]
  })
  const run = await waitForStatus(client, started?.id ?? 0, 'done')
  expect(run.bestEpoch).toBeLessThan(60)
  const written = async (weights: 'best' | 'last') => {
    const path = join(folder, `${weights}.json`)
    await client.exports.write({ runId: run.id, format: 'json', weights, path, replaces: true })
    return (
      JSON.parse(await readFile(path, 'utf8')) as { provenance: { figures: unknown; test: unknown; epoch: number } }
    ).provenance
  }
  const zip = join(folder, 'packed.zip')
  const packed = await client.exports.write({ runId: run.id, format: 'js', path: zip })
  expect(packed.files).toEqual([{ path: zip, bytes: expect.any(Number) as number }])
  const entries: string[] = []
  for await (const { fileName } of (await openPromise(zip, { lazyEntries: true })).eachEntry()) entries.push(fileName)
  expect(entries).toEqual(['packed.js', 'packed.d.ts', 'packed.md'])
  expect(await client.exports.list({ runId: run.id })).toMatchObject([{ format: 'js', proof: packed.proof }])
  expect(await written('best')).toMatchObject({ figures: { validation: run.validation }, test: null })
  const { test } = await client.runs.openTest({ runId: run.id })
  expect(await written('best')).toMatchObject({ test: { metrics: test, openings: 1 } })
  const last = await written('last')
  expect(last).toMatchObject({ epoch: 60, test: null })
  expect(last.figures).not.toEqual({ train: run.train, validation: run.validation })
})

it('replaces nothing but what the person named', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const [started] = await startRuns(client, await ringsExperiment(client, folder), 2)
  const { id: runId } = await waitForStatus(client, started?.id ?? 0, 'done')
  const write = (format: 'json' | 'python' | 'safetensors', name: string, replaces = false) =>
    client.exports.write({ runId, format, path: join(folder, name), replaces }).then(() => null, toLabError)
  await writeFile(join(folder, 'notes.md'), 'mine')
  expect(await write('json', 'notes.json')).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(
      /^notes\.md is there already, and notes\.json would replace it; nothing was written\./
    ) as string
  })
  expect(await readFile(join(folder, 'notes.md'), 'utf8')).toBe('mine')
  expect(await readdir(folder)).not.toContain('notes.json')
  // An export of one format is not lost to what goes with another.
  expect(await write('python', 'net.py')).toBeNull()
  const python = await readFile(join(folder, 'net.py'), 'utf8')
  expect((await write('safetensors', 'net.safetensors'))?.message).toMatch(/^net\.py and net\.md are there already/)
  expect(await readFile(join(folder, 'net.py'), 'utf8')).toBe(python)
  expect(await write('safetensors', 'net.safetensors', true)).toBeNull()
  expect(await readFile(join(folder, 'net.py'), 'utf8')).not.toBe(python)
})

it('refuses in a sentence, and leaves no file', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const [started] = await startRuns(client, await ringsExperiment(client, folder), 1_000_000)
  const runId = started?.id ?? 0
  await waitForStatus(client, runId, 'running')
  const refusal = (path: string, id = runId) =>
    client.exports.write({ runId: id, format: 'js', path }).then(() => null, toLabError)
  expect(await refusal(join(folder, 'a.js'))).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/running/) as string
  })
  expect(await refusal(join(folder, 'a.js'), 99)).toMatchObject({ code: 'not_found' })
  await client.runs.stop({ runId })
  await waitForStatus(client, runId, 'stopped')
  expect(await refusal(join(folder, 'none', 'a.js'))).toMatchObject({
    code: 'bad_file',
    message: expect.stringMatching(/There is no folder .*none\. Make it first/) as string
  })
  expect(await refusal(folder)).toMatchObject({ code: 'bad_file' })
  expect((await readdir(folder)).sort()).toEqual(['lab', 'rings.csv'])
})
