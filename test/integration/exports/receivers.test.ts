/**
 * One table with all that trips receivers (texts, missing cells, truth values, dates, odd names and an odd cell), through the
 * whole lab: whoever takes the network away and feeds it the rows as a CSV reader, a data frame or a program has them gets what
 * the lab predicts, over all rows.
 */
import { writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import type { ContractClient } from '#contract/contract.ts'
import { pythonWith, run as runProgram } from '#test/integration/exports/machine.ts'
import { importDataset, openLab, planFor, proposedExperiment, waitForStatus } from '#test/integration/lab/support.ts'
import { temporaryFolder } from '#test/unit/store/support.ts'

const python = pythonWith('numpy')

/** As csv.DictReader gives rows, with None for empty cells, and with the types of a data frame; pandas itself where it is. */
const script = `
import csv, json, math, sys
import numpy as np
import model
texts = list(csv.DictReader(open("table.csv", encoding="utf-8", newline="")))
none = [{name: None if value == "" else value for name, value in row.items()} for row in texts]
truths = {"True": True, "False": False}
def framed(name, value):
    if name == "raucht?":
        return math.nan if value == "" else np.bool_(truths[value])
    if name in ("age, years", "constructor"):
        return np.float64("nan") if value in ("", "unknown") else np.float64(value)
    return math.nan if value == "" else value
frame = [{name: framed(name, value) for name, value in row.items()} for row in texts]
forms = {"csv": texts, "None": none, "types of a frame": frame}
try:
    import pandas as pd
    forms["pandas"] = pd.read_csv("table.csv", dtype={"zip": str}, na_values=["unknown"]).to_dict("records")
except ImportError:
    pass
print(json.dumps({name: [model.predict_proba(rows).tolist(), model.predict(rows)] for name, rows in forms.items()}))
`

/** Names with a comma, quotes, other letters, of every object; zip codes that begin with 0. */
const header = ['age, years', 'größe', 'Besuch "erster"', 'raucht?', 'zip', 'constructor', 'class', 'outcome']

function rowsOfTable(): string[][] {
  return Array.from({ length: 240 }, (_, row) => {
    const age = 20 + ((row * 37) % 60)
    const smokes = row % 3 === 0
    const day = new Date(Date.UTC(2019, 0, 1) + ((row * 7919) % 700) * 86_400_000).toISOString().slice(0, 10)
    const risk = age / 60 + (smokes ? 0.5 : 0) + (row % 5 === 0 ? 0.3 : 0)
    return [
      row % 17 === 0 ? '' : row === 23 ? 'unknown' : String(age),
      row % 19 === 0 ? '' : (150 + ((row * 13) % 45) + 0.5).toFixed(1),
      row % 23 === 0 ? '' : day,
      row % 29 === 0 ? '' : smokes ? 'True' : 'False',
      ['01234', '00420', '99999'][row % 3] ?? '',
      row % 13 === 0 ? '' : String(((row * 7) % 11) / 10),
      row % 11 === 0 ? '' : (['x,y', 'quo"te', 'ümlaut'][row % 3] ?? ''),
      risk > 1.2 ? 'schwer' : risk > 0.8 ? 'a|b' : 'gut'
    ]
  })
}

const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

interface Predicted {
  readonly label: string
  readonly probabilities: readonly number[]
}

/** What the lab predicts for a file, a row each. */
async function predictedByLab(client: ContractClient, runId: number, table: string, classes: readonly string[]) {
  const folder = await temporaryFolder()
  const last = async (job: { jobId: string }) => {
    for await (const item of await client.predictions.progress(job)) {
      if (item.type === 'failed') throw new Error(item.message)
      if (item.type !== 'progress') return item
    }
    throw new Error('The job ended without a result.')
  }
  const checked = await last(await client.predictions.check({ runId, files: [{ path: table }] }))
  const path = join(folder, 'out.csv')
  await last(await client.predictions.write({ tableId: checked.type === 'checked' ? checked.table.tableId : '', path }))
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1)
  return lines.map((line): Predicted => {
    const cells = line.split(',')
    const probabilities = cells.slice(-classes.length).map(Number)
    return { label: cells.at(-classes.length - 1) ?? '', probabilities }
  })
}

it('gives all receivers what the lab predicts, whatever the rows come as', async () => {
  const folder = await temporaryFolder()
  const { client } = await openLab(join(folder, 'lab'))
  const rows = rowsOfTable()
  const table = join(folder, 'table.csv')
  await writeFile(table, [header, ...rows].map((cells) => cells.map(quoted).join(',')).join('\n'))
  const experiment = await proposedExperiment(
    client,
    await importDataset(client, { files: [{ path: table }] }),
    'outcome'
  )
  const hidden = [{ units: 8, activation: 'tanh' as const }]
  const [started] = await client.runs.start({ experimentId: experiment.id, hidden, plan: planFor(30), seeds: [1] })
  const { id: runId } = await waitForStatus(client, started?.id ?? 0, 'done')
  const classes = (await client.predictions.form({ runId })).classes ?? []
  const wanted = await predictedByLab(client, runId, table, classes)
  expect(wanted).toHaveLength(rows.length)
  const expectSame = (name: string, given: readonly Predicted[]) => {
    const differing = given.flatMap(({ label, probabilities }, row) => {
      const own = wanted[row]
      const largest = Math.max(
        ...probabilities.map((value, place) => Math.abs(value - (own?.probabilities[place] ?? NaN)))
      )
      return label === own?.label && largest < 1e-5 ? [] : [{ row, label, wanted: own?.label, largest }]
    })
    expect({ name, rows: given.length, differing }).toEqual({ name, rows: rows.length, differing: [] })
  }

  const module = join(folder, 'model.mjs')
  await client.exports.write({ runId, format: 'js', path: module })
  const { predict } = (await import(pathToFileURL(module).href)) as {
    predict: (row: object) => { label: string; outputs: number[] }
  }
  const forms: Record<string, (name: string, cell: string) => unknown> = {
    'cells of a CSV reader': (_, cell) => cell,
    'null for what is missing': (_, cell) => (cell === '' ? null : cell),
    'values of a program': (name, cell) => {
      if (cell === '') return undefined
      if (name === 'raucht?') return cell === 'True'
      if (name === 'Besuch "erster"') return new Date(cell)
      const isNumber = ['age, years', 'größe', 'constructor'].includes(name) && cell !== 'unknown'
      return isNumber ? Number(cell) : cell
    }
  }
  for (const [name, valueOf] of Object.entries(forms)) {
    const given = rows.map((cells) =>
      predict(Object.fromEntries(header.map((column, index) => [column, valueOf(column, cells[index] ?? '')])))
    )
    expectSame(
      name,
      given.map(({ label, outputs }) => ({ label, probabilities: outputs }))
    )
  }

  if (python === null) return
  await client.exports.write({ runId, format: 'python', path: join(folder, 'model.py'), replaces: true })
  await writeFile(join(folder, 'script.py'), script)
  const answers = JSON.parse(runProgram(python, ['-W', 'ignore', 'script.py'], folder)) as Record<
    string,
    [number[][], string[]]
  >
  expect(Object.keys(answers)).toEqual(expect.arrayContaining(['csv', 'None', 'types of a frame']))
  for (const [name, [probabilities, labels]] of Object.entries(answers)) {
    expectSame(
      name,
      labels.map((label, row) => ({ label, probabilities: probabilities[row] ?? [] }))
    )
  }
})
