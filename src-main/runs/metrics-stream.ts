/**
 * `runs.metrics`: the stored curves, then live ones as they are stored. The live listener is attached before the
 * backlog is read, so that nothing falls between them; the event id is the sequence of the last piece sent.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { withEventMeta } from '@orpc/server'
import { pickColumns } from '#engine/training/epoch-columns.ts'
import type { CurvePiece, MetricsItem } from '#contract/runs.ts'
import { countValues, joinPieces } from '#lab/runs/pieces.ts'
import { createMailbox, type Mailbox, streamUntilClosed } from '#lab/streams/mailbox.ts'
import type { MetricQueries, StoredColumns } from '#lab/store/metrics.ts'

/** Which curves are read: of these runs, and where columns are named, these alone. */
export interface CurvesWanted {
  readonly runIds: readonly number[]
  readonly columns?: readonly string[] | undefined
}

export interface MetricsStream {
  /** Passes stored pieces on to those who follow their runs. */
  publish(pieces: readonly StoredColumns[]): void
  /** Streams the curves after a sequence (0 for all). */
  follow(wanted: CurvesWanted, after: number, signal: AbortSignal | undefined): AsyncGenerator<MetricsItem, void, void>
  /** The stored curves, whole. */
  read(wanted: CurvesWanted): Promise<CurvePiece[]>
  /** Ends all streams; those begun later end with what is stored. */
  close(): void
}

/** Pieces in order, joined; after a gap only those that came later. */
interface Pending {
  readonly pieces: StoredColumns[]
  readonly gap: boolean
}

/** Pieces read and sent at once from the backlog: a few milliseconds of work where each has a thousand epochs. */
const pagePieces = 16
/** A reader that lags further behind (4 MB) reads the curves again. */
const pendingLimit = 1024 * 1024

/** Creates the stream; `columnsOf` names the columns of a run's records. */
export function createMetricsStream(metrics: MetricQueries, columnsOf: (runId: number) => string[]): MetricsStream {
  const readers = new Map<Mailbox<Pending>, ReadonlySet<number>>()
  let closed = false

  /** The columns of a run never change, and asking the store for each piece of a thousand runs takes its time. */
  const knownColumns = new Map<number, string[]>()
  function columns(runId: number): string[] {
    let names = knownColumns.get(runId)
    if (!names) knownColumns.set(runId, (names = columnsOf(runId)))
    return names
  }

  /** The backlog in pages, and in between the other work of the process. */
  async function* pages(runIds: readonly number[], after: number): AsyncGenerator<StoredColumns[], void, void> {
    let last = after
    for (;;) {
      const page = metrics.after(runIds, last, pagePieces)
      const end = page.at(-1)
      if (!end) return
      last = end.sequence
      yield joinPieces(page)
      await nextTurn()
    }
  }

  const toCurve = (piece: StoredColumns, wanted: CurvesWanted['columns']): CurvePiece => {
    const { runId, firstEpoch, epochs, values } = piece
    const whole = { runId, columns: columns(runId), firstEpoch, epochs, values: values as Float32Array<ArrayBuffer> }
    return wanted ? pickColumns(whole, wanted) : whole
  }

  const toItem = (pieces: readonly StoredColumns[], wanted: CurvesWanted['columns']): MetricsItem =>
    withEventMeta(
      { type: 'curves', pieces: pieces.map((piece) => toCurve(piece, wanted)) },
      { id: String(pieces.at(-1)?.sequence) }
    )

  async function* follow(
    { runIds, columns: wanted }: CurvesWanted,
    after: number,
    mailbox: Mailbox<Pending>
  ): AsyncGenerator<MetricsItem, void, void> {
    try {
      let last = after
      for await (const page of pages(runIds, after)) {
        last = page.at(-1)?.sequence ?? last
        yield toItem(page, wanted)
      }
      for (let pending = await mailbox.take(); pending; pending = await mailbox.take()) {
        if (pending.gap) yield { type: 'gap' }
        const fresh = pending.pieces.filter((piece) => piece.sequence > last)
        if (fresh.length === 0) continue
        last = fresh.at(-1)?.sequence ?? last
        yield toItem(fresh, wanted)
      }
    } finally {
      readers.delete(mailbox)
    }
  }

  return {
    publish(pieces) {
      for (const [mailbox, runIds] of readers) {
        const wanted = pieces.filter((piece) => runIds.has(piece.runId))
        if (wanted.length > 0) mailbox.put((pending) => add(pending, wanted))
      }
    },
    follow(wanted, after, signal) {
      const mailbox = createMailbox<Pending>()
      if (closed) mailbox.close()
      else readers.set(mailbox, new Set(wanted.runIds))
      return streamUntilClosed(follow(wanted, after, mailbox), mailbox, signal)
    },
    async read({ runIds, columns: wanted }) {
      const all: StoredColumns[] = []
      for await (const page of pages(runIds, 0)) all.push(...page)
      return joinPieces(all).map((piece) => toCurve(piece, wanted))
    },
    close() {
      closed = true
      readers.forEach((_, mailbox) => mailbox.close())
    }
  }
}

function add(pending: Pending | null, pieces: readonly StoredColumns[]): Pending {
  const all = [...(pending?.pieces ?? []), ...pieces]
  if (countValues(all) > pendingLimit) return { pieces: [...pieces], gap: true }
  return { pieces: all.length > 2 * pieces.length ? joinPieces(all) : all, gap: pending?.gap ?? false }
}
