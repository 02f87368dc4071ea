/** Every file in test/fixtures/tables gives the profile or the very sentence that manifest.json states. */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readOptions } from '#contract/reading.ts'
import { LabError } from '#contract/errors.ts'
import { importTable } from '#lab/datasets/import/import-table.ts'
import { fixtures, openDuckDb, temporaryFolder } from '#test/unit/datasets/support.ts'

const profile = z.strictObject({
  rows: z.number(),
  image: z.object({ width: z.number(), height: z.number() }).optional(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      missing: z.number(),
      distinct: z.number(),
      note: z.string().optional(),
      examples: z.array(z.string()).describe('The first two')
    })
  ),
  warnings: z.array(z.string()),
  doubts: z.array(z.string()).optional().describe('Their sentences')
})

const manifest = z.array(
  z.union([
    profile.extend({ file: z.string(), options: readOptions.optional() }),
    z.strictObject({ file: z.string(), options: readOptions.optional(), error: z.string(), code: z.string() })
  ])
)

const entries = manifest.parse(JSON.parse(await readFile(join(fixtures, 'manifest.json'), 'utf8')))
const duckDb = openDuckDb()

test.each(entries)('$file', async ({ file, options = {}, ...expected }) => {
  const folder = await temporaryFolder()
  const path = join(fixtures, file)
  const reading = importTable(duckDb, [{ path, name: basename(file) }], options, { folder })
  if ('error' in expected) {
    const error = await reading.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LabError)
    expect(error).toMatchObject({ code: expected.code, message: expected.error })
    expect(await readdir(join(folder, 'datasets'))).toEqual([])
    return
  }
  const { rows, image, columns, warnings, doubts } = await reading
  const seen = columns.map(({ name, type, missing, distinct, note, examples }) => {
    return { name, type, missing, distinct, ...(note && { note }), examples: examples.slice(0, 2) }
  })
  const told = doubts.map(({ why }) => why)
  expect({ rows, ...(image && { image }), columns: seen, warnings, ...(told.length > 0 && { doubts: told }) }).toEqual(
    expected
  )
})

test('every fixture is in the manifest', async () => {
  const names = await readdir(fixtures)
  const known = new Set(entries.map(({ file }) => file.split('/')[0]))
  expect(names.filter((name) => name !== 'manifest.json' && !known.has(name))).toEqual([])
})
