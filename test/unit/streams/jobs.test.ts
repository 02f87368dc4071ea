/** Jobs and events: late and slow readers get what they need, and nobody waits for them. */
import { describe, expect, it } from 'vitest'
import type { LabEvent } from '#contract/host.ts'
import { createEvents } from '#lab/streams/events.ts'
import { createJobs } from '#lab/streams/jobs.ts'

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}

describe('a job', () => {
  it('gives each reader the newest item and the last one, then ends', async () => {
    const jobs = createJobs<string>()
    const gate = Promise.withResolvers<void>()
    const id = jobs.start(async (report) => {
      report('first')
      await gate.promise
      report('second')
      return 'last'
    })
    const early = jobs.follow(id, undefined)
    expect((await early.next()).value).toBe('first')
    gate.resolve()
    expect((await collect(early)).at(-1)).toBe('last')
    expect(await collect(jobs.follow(id, undefined))).toEqual(['last'])
  })

  it('can be cancelled, and its reader hears how it ended', async () => {
    const jobs = createJobs<string>()
    const id = jobs.start(
      (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('cancelled')))
    )
    const reading = collect(jobs.follow(id, undefined))
    jobs.cancel(id)
    expect(await reading).toEqual(['cancelled'])
  })

  it('for one follower is cancelled when that goes, by leaving as by its signal', async () => {
    const jobs = createJobs<string>()
    const ends: Promise<void>[] = []
    const begin = (signal?: AbortSignal) =>
      jobs.whileFollowed(async (report, ended) => {
        report('under way')
        const end = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve()))
        ends.push(end)
        await end
        return 'cancelled'
      }, signal)
    for await (const item of begin()) {
      expect(item).toBe('under way')
      break
    }
    const abort = new AbortController()
    const other = begin(abort.signal)
    await other.next()
    abort.abort()
    expect(ends).toHaveLength(2)
    await Promise.all(ends)
  })

  it('is unknown by another name', () => {
    expect(() => createJobs<string>().follow('job-9', undefined)).toThrow(/no job job-9/)
  })
})

describe('the events', () => {
  it('give a slow reader the newest of each kind once', async () => {
    const events = createEvents()
    const reader = events.follow(undefined)
    const first = reader.next()
    events.publish({ type: 'datasets' })
    await first
    const later: LabEvent[] = [
      { type: 'runs.removed', runIds: [1] },
      { type: 'engine', state: 'restarting', message: 'It died.' },
      { type: 'runs.removed', runIds: [2] },
      { type: 'engine', state: 'ready', message: null }
    ]
    later.forEach((event) => events.publish(event))
    events.publish({ type: 'datasets' })
    expect((await reader.next()).value).toEqual({ type: 'runs.removed', runIds: [1, 2] })
    expect((await reader.next()).value).toEqual({ type: 'engine', state: 'ready', message: null })
    expect((await reader.next()).value).toEqual({ type: 'datasets' })
    await reader.return()
  })

  it('reach every reader, and those who left no more', async () => {
    const events = createEvents()
    const [one, two] = [events.follow(undefined), events.follow(undefined)]
    const waiting = [one.next(), two.next()]
    events.publish({ type: 'datasets' })
    expect((await Promise.all(waiting)).map(({ value }) => value)).toEqual([{ type: 'datasets' }, { type: 'datasets' }])
    const last = one.next()
    await one.return()
    expect((await last).done).toBe(true)
    events.close()
    expect((await two.next()).done).toBe(true)
  })
})
