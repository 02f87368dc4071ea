import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from '@playwright/test'
import { openPromise } from 'yauzl'
import { expect, test } from '#test/e2e/lab.ts'
import { expectNoFaults, openLab, openSample, rowOf } from '#test/e2e/pages.ts'

const root = resolve(import.meta.dirname, '../..')
const digits = join(root, 'resources', 'datasets', 'digits_8x8.csv')

interface Module {
  readonly predict: (row: Record<string, number>) => { label: string; outputs: number[] }
}

const models = join(root, 'test', 'fixtures', 'onnx')

test('the JavaScript of a 64-128-10 network predicts as the lab does, in Node and in the browser', async ({
  page,
  lab
}) => {
  test.slow()
  await openLab(page, lab)
  await page.getByRole('button', { name: /Handwritten digits/ }).click()
  // A column a pixel: its import takes longer than other samples'.
  await expect(page.getByRole('button', { name: 'Train' })).toBeEnabled({ timeout: 30_000 })
  await page.getByLabel('Hidden layers').fill('128')
  await page.getByLabel('Max epochs').fill('5')
  await page.keyboard.press('Control+Enter')
  await expect(rowOf(page, 1)).toContainText('Done')
  await rowOf(page, 1).click()
  await page.getByRole('button', { name: 'Predict and export' }).click()
  await expect(page.getByText(/^128 relu, 9.610 parameters$/)).toBeVisible()

  const folder = mkdtempSync(join(tmpdir(), 'topology-lab-e2e-'))
  try {
    const zip = await download(page, 'Export JavaScript', join(folder, 'model.zip'))
    await expect(page.getByText(/^Largest difference \d\.\d\de-7 over 872 rows/)).toBeVisible()
    await expect(page.getByText(/^digits_8x8-run-1-js\.js \d+ kB, .*\.d\.ts [\d.]+ kB, .*\.md/)).toBeVisible()
    await page.getByRole('radio', { name: 'A file' }).press(' ')
    await page.getByLabel('Choose a file with new rows').setInputFiles(digits)
    await expect(page.getByText(/rows of the sealed test part/)).toBeVisible()
    await expectNoFaults(page)
    const predicted = await download(page, 'Predict 1,797 rows', join(folder, 'predicted.csv'))
    await expect(page.getByText(/^1,797 rows in/)).toBeVisible()

    const { rows, labels, probabilities } = await readPredicted(predicted)
    const source = await sourceOf(zip)
    const file = join(folder, 'model.mjs')
    await writeFile(file, source)
    const { predict } = (await import(pathToFileURL(file).href)) as Module
    expectAlike(rows.map(predict), labels, probabilities)

    await page.goto('about:blank')
    const inBrowser = await page.evaluate(
      async ({ source, rows }) => {
        const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
        const { predict } = (await import(url)) as Module
        return rows.map(predict)
      },
      { source, rows }
    )
    expectAlike(inBrowser, labels, probabilities)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Clicks what ends in a download and keeps that. */
async function download(page: Page, button: string, path: string): Promise<string> {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: button, exact: true }).click()
  await (await downloading).saveAs(path)
  return path
}

async function sourceOf(zip: string): Promise<string> {
  const opened = await openPromise(zip, { lazyEntries: true, autoClose: false })
  for await (const entry of opened.eachEntry()) {
    if (!entry.fileName.endsWith('.js')) continue
    const pieces: Buffer[] = []
    for await (const piece of await opened.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
    opened.close()
    return Buffer.concat(pieces).toString('utf8')
  }
  throw new Error('The zip has no module.')
}

/** The rows of a predicted file without a missing cell: what went in, and the lab's classes and probabilities. */
async function readPredicted(path: string) {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trim().split(/\r?\n/)
  const names = header.split(',')
  const label = names.findIndex((name) => name.startsWith('predicted '))
  const cells = lines.map((line) => line.split(','))
  return {
    rows: cells.map((row) => Object.fromEntries(names.slice(0, label).map((name, at) => [name, Number(row[at])]))),
    labels: cells.map((row) => row[label] ?? ''),
    probabilities: cells.map((row) => row.slice(label + 1).map(Number))
  }
}

function expectAlike(given: ReturnType<Module['predict']>[], labels: string[], probabilities: number[][]) {
  expect(given.map(({ label }) => label)).toEqual(labels)
  const differences = given.flatMap(({ outputs }, row) =>
    outputs.map((output, place) => Math.abs(output - (probabilities[row]?.[place] ?? NaN)))
  )
  expect(differences).toHaveLength(1797 * 10)
  expect(Math.max(...differences)).toBeLessThan(1e-6)
}

test('a network trained elsewhere is brought in, looked at and used, and is no trial of its own', async ({
  page,
  lab
}) => {
  await openLab(page, lab)
  await openSample(page, /Iris/)
  await bringIn(page, 'torch_conv.onnx')
  await expect(page.getByText(/its operator Conv is none of a network of dense layers/)).toBeVisible()
  await expect(rowOf(page, 1)).toHaveCount(0)
  await bringIn(page, 'torch.onnx')
  await expect(rowOf(page, 1)).toContainText('Done')
  await expect(page.getByText(/^Taken over from torch\.onnx: it reads/)).toBeVisible()
  await expect(page.getByText(/trained elsewhere, so there are no curves/)).toBeVisible()
  await expect(page.getByText(/its operator Conv/)).toHaveCount(0)
  await expectNoFaults(page)
  await page.getByRole('radio', { name: 'Complexity' }).press(' ')
  await expect(
    page.getByText(/^Training and validation error over the size of the network will draw here/).first()
  ).toBeVisible()
  await page.getByRole('radio', { name: 'Understand' }).press(' ')
  await expect(page.getByRole('group', { name: /^Response of run 1: 8 relu/ })).toBeVisible()
  await page.getByRole('button', { name: 'Predict and export' }).click()
  await page.getByRole('button', { name: 'Take the next row' }).click()
  await expect(page.getByText('setosa').first()).toBeVisible()
})

async function bringIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions for iris: species' }).click()
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('menuitem', { name: 'Bring a network in (ONNX)' }).click()
  await (await choosing).setFiles(join(models, name))
}
