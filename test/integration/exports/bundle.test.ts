/** Bundles between two real labs, and files that pretend to be bundles. */
import Sqlite from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import type { ContractClient } from '#contract/contract.ts'
import type { Destination, TransferProgress } from '#contract/transfers.ts'
import {
  openLab,
  openSharedLab,
  planFor,
  ringsExperiment,
  type TestLab,
  waitForRun
} from '#test/integration/lab/support.ts'
import { listRuns } from '#trials/run-pieces.ts'

type Last = Exclude<TransferProgress, { type: 'progress' }>

async function lastOf(client: ContractClient, jobId: string): Promise<Last> {
  for await (const item of await client.transfers.progress({ jobId })) if (item.type !== 'progress') return item
  throw new Error('The job ended without a last item.')
}

async function write(client: ContractClient, experimentId: number, to: Destination, path: string): Promise<Last> {
  const { jobId } = await client.transfers.write({ experimentId, to, path })
  return lastOf(client, jobId)
}

async function read(client: ContractClient, path: string): Promise<Last> {
  const { jobId } = await client.transfers.read({ source: { path } })
  return lastOf(client, jobId)
}

/** The entries of a zip as they are. */
async function entriesOf(path: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  const entries = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = []
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer)
    entries.set(entry.fileName, Buffer.concat(pieces))
  }
  zip.close()
  return entries
}

async function zipTo(path: string, entries: ReadonlyMap<string, Buffer>): Promise<string> {
  const zip = new ZipFile()
  for (const [name, content] of entries) zip.addBuffer(content, name)
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
  return path
}

/** Changes an entry and tells its new size and hash in the manifest, as someone would who means it. */
function replaced(entries: ReadonlyMap<string, Buffer>, name: string, content: Buffer): Map<string, Buffer> {
  const manifest = JSON.parse(String(entries.get('manifest.json'))) as {
    files: Record<string, { bytes: number; sha256: string }>
  }
  manifest.files[name] = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
  return new Map(entries).set(name, content).set('manifest.json', Buffer.from(JSON.stringify(manifest)))
}

let folder: string
let bundle: string
let entries: Map<string, Buffer>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'topology-lab-bundle-'))
  bundle = join(folder, 'rings.toplab')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('an experiment moves to another lab', () => {
  test('with its data, runs, curves, weights and notes, once, and beside what is there', async () => {
    const { client } = await openLab(join(folder, 'first'))
    const experiment = await ringsExperiment(client, folder)
    // Its weights are more than its parameters: batch normalisation keeps what it saw.
    const hidden = [{ units: 16, activation: 'relu' as const, normalisation: 'batch' as const }]
    const request = { experimentId: experiment.id, hidden, plan: planFor(6), seeds: [1, 2] }
    const started = await client.runs.start(request)
    for (const { id } of started) await waitForRun(client, id, ({ status }) => status === 'done')
    const [run] = started
    if (!run) throw new Error('Two runs were started.')
    await client.runs.update({ runId: run.id, note: 'is depth worth it?' })
    expect(await write(client, experiment.id, 'bundle', bundle)).toMatchObject({ type: 'written', runs: 2 })
    entries = await entriesOf(bundle)
    expect([...entries.keys()]).toEqual(['manifest.json', 'experiment.sqlite', 'table.parquet'])

    const { client: other } = await openLab(join(folder, 'second'))
    // Numbers of the two labs differ, so that nothing fits by chance.
    const theirs = await ringsExperiment(other, folder)
    await other.experiments.remove({ experimentId: theirs.id })
    const taken = await read(other, bundle)
    if (taken.type !== 'taken') throw new Error(JSON.stringify(taken))
    expect(taken).toMatchObject({ existed: false, experiment: { name: experiment.name, runs: 2 } })
    expect(taken.experiment.id).not.toBe(experiment.id)
    const moved = await listRuns(other, { experimentId: taken.experiment.id })
    const original = await listRuns(client, { experimentId: experiment.id })
    expect(moved.map(({ note, validation, bestEpoch }) => ({ note, validation, bestEpoch }))).toEqual(
      original.map(({ note, validation, bestEpoch }) => ({ note, validation, bestEpoch }))
    )
    for (const [index, { id }] of moved.entries()) {
      const from = original[index]?.id ?? 0
      expect(await other.runs.weights({ runId: id })).toEqual(await client.runs.weights({ runId: from }))
      const curve = async (lab: ContractClient, runId: number) =>
        (await lab.runs.curves({ runIds: [runId] }))[0]?.values
      expect(await curve(other, id)).toEqual(await curve(client, from))
      expect(await other.runs.details({ runId: id })).toEqual(await client.runs.details({ runId: from }))
    }

    expect(await read(other, bundle)).toMatchObject({ type: 'taken', existed: true, experiment: taken.experiment })
    // With one run less it is another experiment, which keeps the first one's name apart.
    await other.runs.remove({ runIds: [moved[1]?.id ?? 0] })
    const again = await read(other, bundle)
    expect(again).toMatchObject({ existed: false, experiment: { name: `${experiment.name} (2)`, runs: 2 } })
    expect(await listRuns(other, { experimentId: taken.experiment.id })).toHaveLength(1)
  })

  test('a moved run predicts and goes on as before', async () => {
    const { client } = await openLab(join(folder, 'third'))
    const taken = await read(client, bundle)
    if (taken.type !== 'taken') throw new Error(JSON.stringify(taken))
    const [run] = await listRuns(client, { experimentId: taken.experiment.id })
    const { test: figures } = await client.runs.openTest({ runId: run?.id ?? 0 })
    expect(figures.loss).toBeGreaterThan(0)
  })
})

describe('what is no whole, untouched bundle is refused whole', () => {
  let opened: TestLab

  beforeAll(async () => {
    opened = await openSharedLab(join(folder, 'refusing'))
  })

  afterAll(() => opened.lab.close())

  const refusal = async (path: string) => {
    const { client, lab } = opened
    const last = await read(client, path)
    expect(await client.experiments.list()).toEqual([])
    expect(await client.datasets.list()).toEqual([])
    const left = await readdir(lab.folder)
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(await readdir(join(lab.folder, 'datasets'))).toEqual([])
    return last.type === 'failed' ? last : { code: 'none', message: JSON.stringify(last) }
  }

  test('a file that is cut off', async () => {
    const path = join(folder, 'cut.toplab')
    const bytes = await readFile(bundle)
    await writeFile(path, bytes)
    await truncate(path, Math.floor(bytes.length / 2))
    expect(await refusal(path)).toMatchObject({
      code: 'bad_file',
      message: 'cut.toplab is no whole bundle of a lab: it is cut off or damaged. Nothing was imported.'
    })
  })

  test('a table that is called a bundle, and a file that is not there', async () => {
    const path = join(folder, 'table.toplab')
    await writeFile(path, 'a,b\n1,2\n')
    expect((await refusal(path)).message).toMatch(
      /^table\.toplab is no whole bundle of a lab: it is cut off or damaged/
    )
    expect((await refusal(join(folder, 'absent.toplab'))).message).toBe('There is no file absent.toplab.')
  })

  test('entries that do not belong there, out of the folder or not', async () => {
    const extra = await zipTo(join(folder, 'extra.toplab'), new Map(entries).set('notes.txt', Buffer.from('x')))
    expect((await refusal(extra)).message).toMatch(/an entry that does not belong there, "notes\.txt"/)
    // yazl refuses such names, so the letters are put in afterwards; a name of the same length keeps the zip whole.
    const slip = await zipTo(join(folder, 'slip.toplab'), new Map(entries).set('aaaaaevil.txt', Buffer.from('x')))
    const bytes = await readFile(slip)
    await writeFile(
      slip,
      Buffer.from(bytes.toString('latin1').replaceAll('aaaaaevil.txt', '../../evil.txt'.slice(1)), 'latin1')
    )
    expect((await refusal(slip)).message).toMatch(/an entry of it names a place outside of it/)
    expect((await readdir(folder)).includes('evil.txt')).toBe(false)
  })

  test('a missing entry, and content that its manifest does not tell', async () => {
    const missing = new Map(entries)
    missing.delete('table.parquet')
    const without = await zipTo(join(folder, 'missing.toplab'), missing)
    expect((await refusal(without)).message).toMatch(/its entry table\.parquet is missing/)
    const changed = Buffer.from(entries.get('experiment.sqlite') ?? [])
    changed[changed.length - 10] = (changed[changed.length - 10] ?? 0) ^ 1
    const tampered = await zipTo(join(folder, 'tampered.toplab'), new Map(entries).set('experiment.sqlite', changed))
    expect((await refusal(tampered)).message).toMatch(/experiment\.sqlite is not what its manifest says/)
    // The manifest has no hash of its own; the zip's checksum holds it.
    const bytes = await readFile(bundle)
    // Field 16 of the first entry of the zip's directory, which is the manifest's.
    bytes.writeUInt32LE(1, bytes.indexOf('PK\x01\x02') + 16)
    const sums = join(folder, 'sums.toplab')
    await writeFile(sums, bytes)
    expect((await refusal(sums)).message).toMatch(/manifest\.json does not have the checksum that the zip tells/)
  })

  test('an entry that grows from next to nothing', async () => {
    const bomb = replaced(entries, 'table.parquet', Buffer.alloc(8 * 1024 * 1024))
    const path = await zipTo(join(folder, 'bomb.toplab'), bomb)
    expect((await refusal(path)).message).toMatch(/table\.parquet would grow to 8 MB from next to nothing/)
  })

  test('a newer bundle, and one of a lab with tables that are not known here', async () => {
    const manifest = JSON.parse(String(entries.get('manifest.json'))) as object
    const newer = new Map(entries).set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, version: 2 })))
    const sentence = 'The bundle was written by a newer version of Topology Lab. Update the app and try again.'
    expect((await refusal(await zipTo(join(folder, 'newer.toplab'), newer))).message).toBe(sentence)
    const tables = await changedStore("INSERT INTO migrations (name, applied_at) VALUES ('9999_later.sql', 0)")
    expect((await refusal(await zipTo(join(folder, 'later.toplab'), tables))).message).toBe(sentence)
  })

  test.each([
    [
      'a trigger',
      'CREATE TRIGGER evil AFTER INSERT ON runs BEGIN DELETE FROM experiments; END',
      /no experiment of a lab/
    ],
    [
      'a path for prepared tables',
      "UPDATE experiments SET preparation = json_set(preparation, '$.version', 7)",
      /its question has another form/
    ],
    ['another network', 'UPDATE runs SET parameters = parameters + 1', /another network than it says/],
    ['rows beyond the table', "UPDATE experiments SET train_rows = x'ffffff7f'", /rows that its table does not have/],
    [
      'too few weights',
      "UPDATE checkpoint_pieces SET data = x'00000000' WHERE field = 'best_parameters'",
      /not as many weights/
    ],
    ['no JSON', "UPDATE runs SET plan = 'x'", /damaged/],
    [
      'weights that are no numbers',
      // The first weight becomes NaN.
      "UPDATE checkpoint_pieces SET data = CAST(x'0000c07f' || substr(data, 5) AS BLOB) WHERE field = 'best_parameters'",
      /weights that are no numbers/
    ],
    ['half a curve', 'UPDATE metrics SET data = CAST(substr(data, 1, 8) AS BLOB)', /no whole curve/],
    ['other figures', "UPDATE run_details SET details = '{}'", /figures of another form/]
  ])('contents that were changed by someone who knows how: %s', async (name, statement, expected) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.toplab`)
    expect((await refusal(await zipTo(path, await changedStore(statement)))).message).toMatch(expected)
  })

  test('a table with damaged pages whose hashes were made anew', async () => {
    const table = Buffer.from(entries.get('table.parquet') ?? [])
    // Behind the four letters at the beginning; the footer at the end tells rows and columns as before.
    table.fill(0x5a, 40, Math.floor(table.length / 2))
    const path = await zipTo(join(folder, 'pages.toplab'), replaced(entries, 'table.parquet', table))
    expect((await refusal(path)).message).toMatch(/its table is not the one of its experiment/)
  })

  async function changedStore(statement: string): Promise<Map<string, Buffer>> {
    const file = join(folder, `changed-${createHash('sha256').update(statement).digest('hex').slice(0, 8)}.sqlite`)
    await writeFile(file, entries.get('experiment.sqlite') ?? '')
    const db = new Sqlite(file)
    db.exec(statement)
    db.close()
    return replaced(entries, 'experiment.sqlite', await readFile(file))
  }
})
