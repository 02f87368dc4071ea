/** `lab export`: what a person types, and what is there afterwards. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { runCli, temporaryFolder } from '#test/integration/cli/run-cli.ts'
import { write, writeClasses } from '#test/integration/cli/tables.ts'

test('export writes the network with its card and tells the largest difference, as text and as one document', async () => {
  const folder = temporaryFolder()
  const lab = join(folder, 'lab')
  const table = writeClasses(folder)
  const trained = await runCli(['train', table, '--target', 'side', '--hidden', '8', '--epochs', '20', '--lab', lab])
  expect(trained.code).toBe(0)
  const out = join(folder, 'model.mjs')
  const args = ['export', '1', '--format', 'js', '--out', out, '--lab', lab]
  const [text, json] = [await runCli(args), await runCli([...args, '--json', '--weights', 'last'])]
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
  expect(text.stderr).toBe('colour: 1 row has a category without an input of its own: "violet".\n')
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
