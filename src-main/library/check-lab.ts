/**
 * Looks through all that a lab keeps: the database, the stored tables, the prepared ones, what belongs to nothing, and who
 * may read it. What can be mended is, where that is asked for; nothing is changed otherwise.
 */
import { chmod, readdir, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LabCheck, LabFinding } from '#contract/host.ts'
import { fileOfHash, KnownContents } from '#lab/datasets/known-content.ts'
import type { Store } from '#lab/store/store.ts'
import { formatBytes, formatNumbered } from '#words/numbers.ts'

export interface CheckOptions {
  /** The lab folder. */
  readonly folder: string
  readonly store: Store
}

type Finding = Omit<LabFinding, 'mended'> & { readonly mend?: () => unknown }

/** Looks, and with `mends` does what helps. Units: `seconds` of the whole look. Errors: none of what is found. */
export async function checkLab(options: CheckOptions, mends: boolean): Promise<LabCheck> {
  const start = performance.now()
  const database = await lookAtDatabase(join(options.folder, 'lab.sqlite'))
  const tables = await lookAtTables(options)
  const prepared = await lookAtPrepared(options)
  const strays = await lookForStrays(options)
  const found = [
    ...database.findings,
    ...findFreePages(options.store, database),
    ...tables.findings,
    ...prepared.findings,
    ...strays,
    ...(await lookAtRights(options.folder))
  ]
  const findings: LabFinding[] = []
  for (const { mend, ...finding } of found) {
    if (mends && mend) await mend()
    findings.push({ ...finding, mended: mends && mend !== undefined })
  }
  return {
    findings,
    looked: { pages: database.pages, tables: tables.count, prepared: prepared.count },
    seconds: (performance.now() - start) / 1000
  }
}

interface DatabaseLook {
  readonly findings: Finding[]
  readonly pages: number
  readonly free: number
  readonly pageBytes: number
}

/** In a thread of its own, as it reads the whole file. */
const source = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require(workerData.module)
const db = new Database(workerData.file, { readonly: true })
const one = (name) => Number(db.pragma(name, { simple: true }))
parentPort.postMessage({
  problems: db.pragma('integrity_check(5)').map((row) => String(row.integrity_check)).filter((text) => text !== 'ok'),
  orphans: db.pragma('foreign_key_check').length,
  pages: one('page_count'),
  free: one('freelist_count'),
  pageBytes: one('page_size')
})
`

async function lookAtDatabase(file: string): Promise<DatabaseLook> {
  interface Answer extends Omit<DatabaseLook, 'findings'> {
    readonly problems: readonly string[]
    readonly orphans: number
  }
  const module = createRequire(import.meta.url).resolve('better-sqlite3')
  const worker = new Worker(source, { eval: true, workerData: { module, file }, execArgv: [] })
  const answer = await new Promise<Answer | Error>((resolve) => {
    worker.once('message', resolve)
    worker.once('error', resolve)
    worker.once('exit', () => resolve(new Error('The thread ended without an answer.')))
  })
  if (answer instanceof Error) {
    const what = `lab.sqlite could not be looked through: ${answer.message}.`
    return { findings: [{ kind: 'database', what, help: null }], pages: 0, free: 0, pageBytes: 0 }
  }
  const findings = answer.problems.map((problem): Finding => ({
    kind: 'database',
    what: `lab.sqlite is damaged: ${problem}`,
    help: 'Put a backup in its place, or take what can be read out of it as bundles into a new lab.'
  }))
  if (answer.orphans > 0) {
    const what = `${formatNumbered(answer.orphans, 'row', 'rows')} of lab.sqlite belong to nothing.`
    findings.push({ kind: 'database', what, help: 'They do no harm; a bundle leaves them behind.' })
  }
  return { findings, pages: answer.pages, free: answer.free, pageBytes: answer.pageBytes }
}

/** Below these nobody would miss the room. */
const noticed = { share: 0.25, bytes: 1024 * 1024 }

function findFreePages(store: Store, { pages, free, pageBytes }: DatabaseLook): Finding[] {
  const bytes = free * pageBytes
  if (bytes < noticed.bytes || free < noticed.share * pages) return []
  const what = `${formatBytes(bytes)} of lab.sqlite are left over from what was removed.`
  return [{ kind: 'room', what, help: null, mend: () => store.rebuild() }]
}

async function lookAtTables({ folder, store }: CheckOptions): Promise<{ findings: Finding[]; count: number }> {
  const contents = new KnownContents()
  const datasets = store.datasets.list()
  const findings: Finding[] = []
  for (const { name, hash, source } of datasets) {
    const path = join(folder, 'datasets', `${hash}.parquet`)
    const content = await contents.look(path)
    if (content === 'whole') continue
    if (content === 'unknown') {
      const what = `The table of "${name}" was stored before contents were kept: it is taken as it is.`
      findings.push({ kind: 'table', what, help: null, mend: () => contents.record(path) })
      continue
    }
    const what = `The table of "${name}" is ${content === 'missing' ? 'missing' : 'not what was stored'}.`
    findings.push({ kind: 'table', what, help: `Import ${source} again in the same way, and it is stored anew.` })
  }
  return { findings, count: datasets.length }
}

/** A cache: what is not whole is deleted, and written again when a run needs it. */
async function lookAtPrepared({ folder, store }: CheckOptions): Promise<{ findings: Finding[]; count: number }> {
  const contents = new KnownContents()
  const findings: Finding[] = []
  let count = 0
  for (const key of store.experiments.preparedKeys()) {
    const own = join(folder, 'prepared', key)
    for (const name of (await readdir(own).catch(() => [])).filter((each) => each.endsWith('.f32'))) {
      count++
      const path = join(own, name)
      if ((await contents.look(path)) === 'whole') continue
      const what = `The prepared table ${key}/${name} is not what was written.`
      findings.push({ kind: 'prepared', what, help: null, mend: () => rm(path, { force: true }) })
    }
  }
  return { findings, count }
}

async function lookForStrays({ folder, store }: CheckOptions): Promise<Finding[]> {
  const tables = new Set(store.datasets.list().map(({ hash }) => `${hash}.parquet`))
  const keys = new Set(store.experiments.preparedKeys())
  // What a person has put beside the lab's own files is none of its business.
  const inFolder = (await readdir(folder)).filter((name) => /^bundle-[0-9a-f-]+\.tmp$/.test(name))
  const list = async (name: string, isKnown: (each: string) => boolean) =>
    (await readdir(join(folder, name)).catch(() => [])).filter((each) => !isKnown(each)).map((each) => join(name, each))
  const strays = [
    ...inFolder,
    ...(await list('datasets', (name) => tables.has(fileOfHash(name) ?? name) || /^import-.*\.tmp$/.test(name))),
    ...(await list('prepared', (name) => keys.has(name) || /^opening-.*\.tmp$/.test(name)))
  ]
  return strays.map((name): Finding => {
    const what = `${name} belongs to nothing in the lab.`
    return { kind: 'stray', what, help: null, mend: () => rm(join(folder, name), { recursive: true, force: true }) }
  })
}

/** The tables and networks of a person are for nobody else who has an account on the computer. */
async function lookAtRights(folder: string): Promise<Finding[]> {
  if (process.platform === 'win32') return []
  const open: string[] = []
  for (const path of ['lab.sqlite', 'datasets', 'prepared'].map((name) => join(folder, name))) {
    const found = await stat(path).catch(() => null)
    if (found && (found.mode & 0o077) !== 0) open.push(path)
  }
  if (open.length === 0) return []
  const close = async (path: string) => chmod(path, (await stat(path)).mode & 0o700)
  const what = 'Other accounts of this computer can read the lab.'
  return [{ kind: 'rights', what, help: null, mend: () => Promise.all(open.map(close)) }]
}
