/**
 * What one reader of a live source has not taken yet. The writer merges into it instead of queueing, so that a slow
 * reader costs bounded memory and never holds the writer up.
 */
export interface Mailbox<Pending> {
  /** Merges into what is pending (null where there is nothing). */
  put(merge: (pending: Pending | null) => Pending): void
  /** Waits for something and takes it all; null once closed. */
  take(): Promise<Pending | null>
  close(): void
}

/** Creates an empty mailbox for one reader. */
export function createMailbox<Pending>(): Mailbox<Pending> {
  let pending: Pending | null = null
  let closed = false
  let wake: (() => void) | null = null
  return {
    put(merge) {
      if (closed) return
      pending = merge(pending)
      wake?.()
    },
    async take() {
      if (pending === null && !closed) await new Promise<void>((resolve) => (wake = resolve))
      wake = null
      const taken = closed ? null : pending
      pending = null
      return taken
    },
    close() {
      closed = true
      wake?.()
    }
  }
}

/**
 * Gives a generator that waits on a mailbox to a client: ending the stream, from either side, wakes it up first.
 * A plain generator would stay in its `await` until the next item, and with it everything it holds.
 */
export function streamUntilClosed<Item>(
  generator: AsyncGenerator<Item, void, void>,
  mailbox: { close(): void },
  signal: AbortSignal | undefined
): AsyncGenerator<Item, void, void> {
  if (signal?.aborted) mailbox.close()
  signal?.addEventListener('abort', () => mailbox.close(), { once: true })
  const end = generator.return.bind(generator)
  generator.return = (value) => {
    mailbox.close()
    return end(value)
  }
  return generator
}
