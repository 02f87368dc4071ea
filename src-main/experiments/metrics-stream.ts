/**
 * `runs.metrics`: the stored curves, then live ones as they are stored. The live listener is attached before the
 * backlog is read, so that nothing falls between them; the event id is the sequence of the last piece sent.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { withEventMeta } from '@orpc/server'
import type { CurvePiece, MetricsItem } from '#contract/runs.ts'
import { countValues, joinPieces } from '#lab/experiments/pieces.ts'
import { createMailbox, type Mailbox, streamUntilClosed } from '#lab/mailbox.ts'
import type { MetricQueries, StoredPiece } from '#lab/store/metrics.ts'

export interface MetricsStream {
  /** Passes stored pieces on to those who follow their runs. */
  publish(pieces: readonly StoredPiece[]): void
  /** Streams the curves of these runs after a sequence (0 for all). */
  follow(
    runIds: readonly number[],
    after: number,
    signal: AbortSignal | undefined
  ): AsyncGenerator<MetricsItem, void, void>
  /** The stored curves, whole. */
  read(runIds: readonly number[]): Promise<CurvePiece[]>
  /** Ends all streams; those begun later end with what is stored. */
  close(): void
}

/** Pieces in order, joined; after a gap only those that came later. */
interface Pending {
  readonly pieces: StoredPiece[]
  readonly gap: boolean
}

/** Pieces read at once from the backlog: less than a millisecond or two of work, whatever their size. */
const pagePieces = 64
/** A reader that lags further behind (4 MB) reads the curves again. */
const pendingLimit = 1024 * 1024

/** Creates the stream; `columnsOf` names the columns of a run's records. */
export function createMetricsStream(metrics: MetricQueries, columnsOf: (runId: number) => string[]): MetricsStream {
  const readers = new Map<Mailbox<Pending>, ReadonlySet<number>>()
  let closed = false

  /** The backlog in pages, and in between the other work of the process. */
  async function* pages(runIds: readonly number[], after: number): AsyncGenerator<StoredPiece[], void, void> {
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

  const toCurve = ({ runId, firstEpoch, epochs, values }: StoredPiece): CurvePiece => ({
    runId,
    columns: columnsOf(runId),
    firstEpoch,
    epochs,
    values: values as Float32Array<ArrayBuffer>
  })

  const toItem = (pieces: readonly StoredPiece[]): MetricsItem =>
    withEventMeta({ type: 'curves', pieces: pieces.map(toCurve) }, { id: String(pieces.at(-1)?.sequence) })

  async function* follow(
    runIds: readonly number[],
    after: number,
    mailbox: Mailbox<Pending>
  ): AsyncGenerator<MetricsItem, void, void> {
    try {
      let last = after
      for await (const page of pages(runIds, after)) {
        last = page.at(-1)?.sequence ?? last
        yield toItem(page)
      }
      for (let pending = await mailbox.take(); pending; pending = await mailbox.take()) {
        if (pending.gap) yield { type: 'gap' }
        const fresh = pending.pieces.filter((piece) => piece.sequence > last)
        if (fresh.length === 0) continue
        last = fresh.at(-1)?.sequence ?? last
        yield toItem(fresh)
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
    follow(runIds, after, signal) {
      const mailbox = createMailbox<Pending>()
      if (closed) mailbox.close()
      else readers.set(mailbox, new Set(runIds))
      return streamUntilClosed(follow(runIds, after, mailbox), mailbox, signal)
    },
    async read(runIds) {
      const all: StoredPiece[] = []
      for await (const page of pages(runIds, 0)) all.push(...page)
      return joinPieces(all).map(toCurve)
    },
    close() {
      closed = true
      readers.forEach((_, mailbox) => mailbox.close())
    }
  }
}

function add(pending: Pending | null, pieces: readonly StoredPiece[]): Pending {
  const all = [...(pending?.pieces ?? []), ...pieces]
  if (countValues(all) > pendingLimit) return { pieces: [...pieces], gap: true }
  return { pieces: all.length > 2 * pieces.length ? joinPieces(all) : all, gap: pending?.gap ?? false }
}
