/** Long work that a client starts, follows and cancels: one stream of progress a job, its last item kept for late readers. */
import { LabError } from '#contract/errors.ts'
import { createMailbox, type Mailbox, streamUntilClosed } from '#lab/streams/mailbox.ts'

export interface Jobs<Item> {
  /** Starts work that reports by itself and resolves with its last item; it must not reject. */
  start(work: (report: (item: Item) => void, signal: AbortSignal) => Promise<Item>): string
  /** The job's newest item at once, then the following ones; a slow reader may miss some, never the last. */
  follow(jobId: string, signal: AbortSignal | undefined): AsyncGenerator<Item, void, void>
  /** Starts work for one follower, and follows it: it is cancelled when the follower goes. */
  whileFollowed(
    work: (report: (item: Item) => void, signal: AbortSignal) => Promise<Item>,
    signal: AbortSignal | undefined
  ): AsyncGenerator<Item, void, void>
  cancel(jobId: string): void
  /** Cancels all and waits until they have ended. */
  close(): Promise<void>
}

interface Job<Item> {
  newest: Item | null
  ended: boolean
  readonly abort: AbortController
  readonly mailboxes: Set<Mailbox<Item>>
  done: Promise<void>
}

/** Ended jobs that can still be asked for. */
const keptEndedJobs = 100

/** Creates the jobs of one kind. Errors: follow and cancel throw LabError 'not_found' for a job nobody knows. */
export function createJobs<Item>(): Jobs<Item> {
  const jobs = new Map<string, Job<Item>>()
  let lastId = 0

  function find(jobId: string): Job<Item> {
    const job = jobs.get(jobId)
    if (!job) throw new LabError('not_found', `There is no job ${jobId} any more.`)
    return job
  }

  function forgetOldest(): void {
    const ended = [...jobs].filter(([, job]) => job.ended)
    ended.slice(0, Math.max(0, ended.length - keptEndedJobs)).forEach(([jobId]) => jobs.delete(jobId))
  }

  async function* read(job: Job<Item>, mailbox: Mailbox<Item>): AsyncGenerator<Item, void, void> {
    try {
      let sent: Item | null = null
      for (;;) {
        if (job.newest !== null && job.newest !== sent) {
          sent = job.newest
          yield sent
        } else if (job.ended || (await mailbox.take()) === null) {
          return
        }
      }
    } finally {
      job.mailboxes.delete(mailbox)
    }
  }

  const service: Jobs<Item> = {
    start(work) {
      const jobId = `job-${++lastId}`
      const job: Job<Item> = {
        newest: null,
        ended: false,
        abort: new AbortController(),
        mailboxes: new Set(),
        done: Promise.resolve()
      }
      jobs.set(jobId, job)
      const report = (item: Item) => {
        job.newest = item
        job.mailboxes.forEach((mailbox) => mailbox.put(() => item))
      }
      job.done = work(report, job.abort.signal).then((last) => {
        job.ended = true
        report(last)
        forgetOldest()
      })
      return jobId
    },
    follow(jobId, signal) {
      const job = find(jobId)
      const mailbox = createMailbox<Item>()
      if (!job.ended) job.mailboxes.add(mailbox)
      return streamUntilClosed(read(job, mailbox), mailbox, signal)
    },
    whileFollowed(work, signal) {
      const jobId = service.start(work)
      const items = service.follow(jobId, signal)
      signal?.addEventListener('abort', () => service.cancel(jobId), { once: true })
      const end = items.return.bind(items)
      items.return = (value) => {
        service.cancel(jobId)
        return end(value)
      }
      return items
    },
    cancel: (jobId) => find(jobId).abort.abort(),
    async close() {
      jobs.forEach((job) => job.abort.abort())
      await Promise.all([...jobs.values()].map((job) => job.done))
      jobs.forEach((job) => job.mailboxes.forEach((mailbox) => mailbox.close()))
    }
  }
  return service
}
