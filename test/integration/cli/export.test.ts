/** `lab export`: what a person types, and what is there afterwards. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { runCli, startCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses } from '#test/integration/cli/tables.ts'

test('export writes the network with its card and tells the largest difference, as text and as one document', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  const table = writeClasses(folder)
  const trained = await runCli(['train', table, '--target', 'side', '--hidden', '8', '--epochs', '20', '--lab', lab])
  expect(trained.code).toBe(0)
  const out = join(folder, 'model.mjs')
  const args = ['export', '1', '--format', 'js', '--out', out, '--lab', lab]
  const [text, json] = [await runCli(args), await runCli([...args, '--json', '--weights', 'last', '--replace'])]
  expect(text).toMatchObject({ code: 0, stderr: '' })
  expect(text.stdout).toMatch(/proof +largest difference \d.* over 192 rows \(tolerance 0\.00001\)/)
  expect(JSON.parse(json.stdout)).toMatchObject({
    run: 1,
    export: { format: 'js', weights: 'last', epoch: 20, proof: { rows: 192, tolerance: 1e-5 } }
  })
  const { predict } = (await import(pathToFileURL(out).href)) as { predict: (row: object) => { label: string } }
  expect(predict({ x: 1, y: 1, colour: 'red' }).label).toBe('above')
  expect(readFileSync(join(folder, 'model.md'), 'utf8')).toContain('# Model card: side')
  expect(existsSync(join(folder, 'model.d.mts'))).toBe(true)

  const missing = await runCli(['export', '1', '--format', 'js', '--out', join(folder, 'none', 'a.js'), '--lab', lab])
  expect(missing).toMatchObject({ code: 1, stdout: '' })
  expect(missing.stderr).toMatch(/^There is no folder .*none\. Make it first/)
})

test('what goes beside an export never takes its place, and a folder is no file', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  await runCli(['train', writeClasses(folder), '--target', 'side', '--hidden', '4', '--epochs', '2', '--lab', lab])
  const before = readdirSync(folder).sort()
  const refused = async (format: string, out: string) => {
    const { code, stderr } = await runCli(['export', '1', '--format', format, '--out', out, '--lab', lab])
    expect(code).toBe(1)
    return stderr
  }
  expect(await refused('onnx', join(folder, 'model.md'))).toMatch(/^model\.md is the name .* such as \.onnx\.$/m)
  expect(await refused('safetensors', join(folder, 'model.py'))).toMatch(/such as \.safetensors\.$/m)
  expect(await refused('json', folder)).toBe(`${folder} is a folder. Name a file in it.\n`)
  expect(await refused('json', '/')).toMatch(/is a folder/)
  expect(readdirSync(folder).sort()).toEqual(before)
})

test.skipIf(process.platform === 'win32')('what is no file is never replaced by one', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  const table = writeClasses(folder)
  await runCli(['train', table, '--target', 'side', '--hidden', '4', '--epochs', '2', '--lab', lab])
  const pipe = join(folder, 'pipe.json')
  execFileSync('mkfifo', [pipe])
  for (const args of [
    ['export', '1', '--format', 'json'],
    ['predict', '1', table],
    ['report', '1'],
    ['transfer', '1', '--to', 'bundle']
  ]) {
    const { code, stdout, stderr } = await runCli([...args, '--out', pipe, '--lab', lab])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/pipe\.json is no file\. Name one\.$/m)
  }
  expect(statSync(pipe).isFIFO()).toBe(true)
})

test('predict never writes over the file it reads, whatever the way to it', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  const table = writeClasses(folder)
  await runCli(['train', table, '--target', 'side', '--hidden', '4', '--epochs', '2', '--lab', lab])
  const rows = write(folder, 'new.csv', ['x,y,colour,side', '0.9,0.8,red,above'])
  const link = join(folder, 'link.csv')
  // Links need a right of their own on Windows.
  if (process.platform !== 'win32') symlinkSync(rows, link)
  const before = readFileSync(rows, 'utf8')
  for (const out of [rows, ...(existsSync(link) ? [link] : []), join(folder, 'lab', '..', 'new.csv')]) {
    const { code, stdout, stderr } = await runCli(['predict', '1', rows, '--out', out, '--lab', lab])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/is the file with the rows to predict\. Choose another for the predictions\.$/m)
  }
  expect(readFileSync(rows, 'utf8')).toBe(before)
})

test('predict writes every row with its prediction, and says before what differs from the training rows', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  const table = writeClasses(folder)
  await runCli(['train', table, '--target', 'side', '--hidden', '8', '--epochs', '20', '--lab', lab])
  const rows = write(folder, 'new.csv', ['x,y,colour,side', '0.9,0.8,red,above', '-0.9,-0.7,violet,below'])
  const out = join(folder, 'out.csv')
  const args = ['predict', '1', rows, '--out', out, '--lab', lab]
  const [text, json] = [await runCli(args), await runCli([...args, '--json', '--probabilities'])]
  expect(text).toMatchObject({ code: 0 })
  expect(text.stderr).toBe(
    'colour: 1 row has a category without an input of its own: "violet". The network has learned nothing of such a category: correct the spelling, or train on rows that have it.\n'
  )
  expect(text.stdout).toMatch(/2 rows with a known target, true class by row/)
  expect(JSON.parse(json.stdout)).toMatchObject({
    run: 1,
    check: { rows: 2, target: 'known' },
    predictions: { rows: 2, figureRows: 2 }
  })
  expect(readFileSync(out, 'utf8')).toMatch(
    /^x,y,colour,side,predicted side,probability of above,probability of below\n0\.9,0\.8,red,above,above,/
  )
  const missing = await runCli(['predict', '1', join(folder, 'none.csv'), '--out', out, '--lab', lab])
  expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^There is no file/) as string })
})

test('Ctrl-C in a prediction leaves no file, and the lab as it was', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  await runCli(['train', writeClasses(folder), '--target', 'side', '--hidden', '8', '--epochs', '5', '--lab', lab])
  const lines = Array.from({ length: 200_000 }, (_, row) => `${Math.sin(row)},${Math.cos(row)},red`)
  const many = write(folder, 'many.csv', ['x,y,colour', ...lines])
  const before = readdirSync(folder)
  const predicting = startCli(['predict', '1', many, '--out', join(folder, 'out.csv'), '--lab', lab])
  const isWriting = () => readdirSync(folder).some((name) => /^\.[0-9a-f-]{36}\.tmp$/.test(name))
  await expect.poll(isWriting, { timeout: 60_000 }).toBe(true)
  predicting.child.kill('SIGINT')
  expect((await predicting.result).code).toBe(130)
  expect(readdirSync(folder)).toEqual(before)
  expect((await runCli(['show', '1', '--lab', lab])).code).toBe(0)
  // Killed, it can't tidy up; the next command does.
  const killed = startCli(['predict', '1', many, '--out', join(folder, 'out.csv'), '--lab', lab])
  await expect.poll(isWriting, { timeout: 60_000 }).toBe(true)
  killed.child.kill('SIGKILL')
  await killed.result
  expect(isWriting()).toBe(true)
  expect((await runCli(['show', '1', '--lab', lab])).code).toBe(0)
  expect(readdirSync(folder)).toEqual(before)
})
