/** Follows an event stream of the contract across lost connections, going on after the last event seen. */
import { getEventMeta, ORPCError } from '@orpc/client'

const retryPauseMs = 300

export interface FollowOptions {
  readonly signal: AbortSignal
  readonly lastEventId?: string
}

/**
 * Hands every item of a stream to `onItem` until the stream ends or `signal` aborts.
 * Errors: rejects with the lab's own answer (ORPCError); a lost connection is not an error but a reason to go on.
 */
export async function follow<Item>(
  open: (options: FollowOptions) => Promise<AsyncIterable<Item>>,
  onItem: (item: Item) => void,
  signal: AbortSignal
): Promise<void> {
  let lastEventId: string | undefined
  while (!signal.aborted) {
    try {
      const stream = await open(lastEventId === undefined ? { signal } : { signal, lastEventId })
      for await (const item of stream) {
        if (signal.aborted) return
        lastEventId = eventId(item) ?? lastEventId
        onItem(item)
      }
      return
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ORPCError) throw error
      await new Promise((resolve) => setTimeout(resolve, retryPauseMs))
    }
  }
}

function eventId(item: unknown): string | undefined {
  return typeof item === 'object' && item !== null ? getEventMeta(item)?.id : undefined
}
