import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Connection, type ConnectionStatus, type Transport } from '#renderer/lab/connection.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A lab that can be reached or not, and that answers with the number of the transport. */
function fakeLab() {
  const lab = { reachable: true, opened: 0, close: () => undefined as void }
  const open = (): Promise<Transport> => {
    if (!lab.reachable) return Promise.reject(new Error('refused'))
    const number = ++lab.opened
    const closed = new Promise<void>((resolve) => (lab.close = resolve))
    return Promise.resolve({ link: { call: () => Promise.resolve(number) }, closed })
  }
  return { lab, open }
}

test('calls wait while the lab is away, and go on over the next transport', async () => {
  const { lab, open } = fakeLab()
  const statuses: ConnectionStatus['state'][] = []
  const connection = new Connection(open, (status) => statuses.push(status.state))
  expect(await connection.call([], undefined, { context: {} })).toBe(1)

  lab.reachable = false
  lab.close()
  await vi.advanceTimersByTimeAsync(2000)
  const answer = connection.call([], undefined, { context: {} })
  lab.reachable = true
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await answer).toBe(2)
  expect(new Set(statuses)).toEqual(new Set(['connecting', 'open', 'reconnecting']))
  expect(statuses.at(-1)).toBe('open')
})

test('attempts come further and further apart, and are counted', async () => {
  const { lab, open } = fakeLab()
  lab.reachable = false
  const attempts: number[] = []
  const at: number[] = []
  new Connection(open, (status) => {
    attempts.push(status.attempts)
    at.push(Date.now())
  })
  await vi.advanceTimersByTimeAsync(60_000)
  const pauses = at.slice(2).map((time, index) => time - (at[index + 1] ?? time))
  expect(pauses.slice(0, 5)).toEqual([400, 800, 1600, 3200, 5000])
  expect(new Set(pauses.slice(4))).toEqual(new Set([5000]))
  expect(attempts).toEqual(attempts.map((_, index) => index))
  expect(attempts.at(-1)).toBe(15)
})
