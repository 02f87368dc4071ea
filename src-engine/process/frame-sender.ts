/** Decides when frames leave the engine: soon, but never more often than their number would cost. */
import { createFrameMerger } from '#engine/process/frames.ts'
import type { FromEngine } from '#engine/process/protocol.ts'
import type { RunColumns } from '#engine/training/epoch-columns.ts'

/** The least time between two frames, so that the number of messages does not follow the number of epochs. */
const frameMs = 50

export interface FrameSender {
  /** Records leave with the next frame. */
  add(records: RunColumns): void
  /** Sends what has come in at once, so that what is posted next comes after it. */
  send(): void
  close(): void
}

/** Creates the sender. Units: `now` in milliseconds, monotonic. */
export function createFrameSender(channel: { post(message: FromEngine): void }, now: () => number): FrameSender {
  const merger = createFrameMerger()
  let timer: NodeJS.Timeout | null = null
  let sentAt = -Infinity

  function close(): void {
    if (timer) clearTimeout(timer)
    timer = null
  }

  function send(): void {
    close()
    const runs = merger.take()
    if (runs.length === 0) return
    sentAt = now()
    channel.post({ type: 'frame', runs })
  }

  return {
    add(records) {
      merger.add(records)
      timer ??= setTimeout(send, Math.max(0, sentAt + frameMs - now()))
    },
    send,
    close
  }
}
