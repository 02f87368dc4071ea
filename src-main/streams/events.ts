/** The one stream of everything that changes in the lab, to any number of readers. */
import type { LabEvent } from '#contract/host.ts'
import { createMailbox, type Mailbox, streamUntilClosed } from '#lab/streams/mailbox.ts'

export interface Events {
  publish(event: LabEvent): void
  /** Follows from now on; a slow reader gets the newest state of each run once. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<LabEvent, void, void>
  /** Ends all streams, also those begun later. */
  close(): void
}

/** Pending events by what they are about: a newer one takes the place of an older one. */
type Pending = Map<string, LabEvent>

/** Creates the stream without readers. */
export function createEvents(): Events {
  const mailboxes = new Set<Mailbox<Pending>>()
  let closed = false
  async function* read(mailbox: Mailbox<Pending>): AsyncGenerator<LabEvent, void, void> {
    try {
      for (let pending = await mailbox.take(); pending; pending = await mailbox.take()) yield* pending.values()
    } finally {
      mailboxes.delete(mailbox)
    }
  }
  return {
    publish: (event) => mailboxes.forEach((mailbox) => mailbox.put((pending) => merge(pending, event))),
    follow(signal) {
      const mailbox = createMailbox<Pending>()
      if (closed) mailbox.close()
      else mailboxes.add(mailbox)
      return streamUntilClosed(read(mailbox), mailbox, signal)
    },
    close() {
      closed = true
      mailboxes.forEach((mailbox) => mailbox.close())
    }
  }
}

function merge(pending: Pending | null, event: LabEvent): Pending {
  const merged = pending ?? new Map<string, LabEvent>()
  const key = keyOf(event)
  const older = merged.get(key)
  merged.delete(key)
  const both = event.type === 'runs.removed' && older?.type === 'runs.removed'
  merged.set(key, both ? { ...event, runIds: [...older.runIds, ...event.runIds] } : event)
  return merged
}

function keyOf(event: LabEvent): string {
  if (event.type === 'run') return `run ${event.run.id}`
  return event.type === 'sweep' ? `sweep ${event.sweep.id}` : event.type
}
