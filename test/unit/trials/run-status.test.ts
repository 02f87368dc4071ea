/** What may be done with a run in each status: one rule for lab, window and terminal. */
import { expect, it } from 'vitest'
import { runStatuses } from '#contract/runs.ts'
import { run } from '#test/unit/renderer/state/support.ts'
import { canFollow, canPause, canResume, canStop, hasNetwork, isActive, isToEnd, standOf } from '#trials/run-status.ts'

const those = (rule: (run: { status: (typeof runStatuses)[number]; testOpened: boolean; epochs: number }) => boolean) =>
  runStatuses.filter((status) => rule({ status, testOpened: false, epochs: 3 })).join(' ')

it('lets a person pause, resume and stop', () => {
  expect(those(canPause)).toBe('queued running')
  expect(those(canResume)).toBe('paused interrupted stopped')
  expect(those(canStop)).toBe('queued running paused interrupted')
})

it('lets nothing go on that has seen the test part', () => {
  expect(runStatuses.filter((status) => canResume({ status, testOpened: true }))).toEqual([])
})

it('tells what is under way, what is still to end, and what has a network to use', () => {
  expect(those(isActive)).toBe('queued running paused')
  expect(those(isToEnd)).toBe('queued running paused interrupted')
  expect(those(hasNetwork)).toBe('paused interrupted done stopped diverged failed')
  expect(hasNetwork({ status: 'done', epochs: 0 })).toBe(false)
})

it('lets what has come to its own end be, unless its plan gets longer, and interrupted runs go on', () => {
  const ended = ['diverged', 'failed'] as const
  expect(runStatuses.filter((to) => canFollow('done', to))).toEqual(['queued'])
  expect(ended.flatMap((from) => runStatuses.filter((to) => canFollow(from, to)))).toEqual([])
  expect(runStatuses.filter((to) => canFollow('interrupted', to))).toEqual(['queued', 'stopped'])
  expect(runStatuses.filter((from) => canFollow(from, 'running'))).toEqual(['queued', 'paused'])
})

it('tells runs apart once one has ended or is gone, also where another makes up for it', () => {
  const stand = standOf([run(1, { status: 'running' }), run(2, { status: 'interrupted' }), run(3)])
  expect(standOf([run(1, { status: 'running', epochs: 9 }), run(2, { status: 'queued' }), run(3)])).toBe(stand)
  expect(standOf([run(1), run(2, { status: 'running' }), run(3, { status: 'running' })])).not.toBe(stand)
  expect(standOf([run(1, { status: 'running' }), run(2, { status: 'interrupted' }), run(4)])).not.toBe(stand)
})
