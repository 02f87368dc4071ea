/** The runs table by keyboard and pointer, without a page. */
import { flushSync, untrack } from 'svelte'
import { expect, test } from 'vitest'
import type { Run } from '#contract/runs.ts'
import { RowActions } from '#renderer/state/row-actions.svelte.ts'
import { rowHeight } from '#renderer/state/row-window.svelte.ts'
import { RunTable } from '#renderer/state/run-table.svelte.ts'
import { appOf, experiment } from '#test/unit/renderer/state/app.ts'
import { run } from '#test/unit/renderer/state/support.ts'

const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }

/** A table of these runs, as it is on the screen, with what was asked of the lab and of the screen. */
function tableOf(runs: readonly Run[], grouped = false, takesMarks = true) {
  const asked: string[] = []
  const tell = (verb: string) => (input: { runId: number }) => {
    asked.push(`${verb} ${input.runId}`)
    return Promise.resolve(run(input.runId))
  }
  const mark = (input: { runIds: number[] }) => {
    asked.push(`mark ${input.runIds.join(' ')}`)
    return takesMarks ? Promise.resolve() : Promise.reject(new Error('The disk is full.'))
  }
  const app = appOf({ runs: { pause: tell('pause'), resume: tell('resume'), stop: tell('stop'), mark } })
  app.runs.put(runs)
  const session = app.session(experiment)
  const table = new RunTable({
    runs: () => app.runs.ofExperiment(experiment.id),
    kinds: app.runs.kinds,
    task: 'classification',
    isGrouped: () => grouped,
    chosenColumns: () => new Set()
  })
  const opened: number[] = []
  const actions = new RowActions(app, session, table, {
    open: ({ id }) => {
      opened.push(id)
      session.focus(id)
    },
    scrollTo: (top) => (actions.window.scrollTop = top)
  })
  const leave = $effect.root(() => {
    $effect(() => {
      void session.focused
      untrack(() => actions.followFocus())
    })
  })
  flushSync()
  const press = (key: string, held: Partial<typeof none> = {}) => {
    // As of a real event, none of it is its own.
    const taken = actions.press(Object.create({ ...none, key, ...held }) as typeof none & { key: string })
    flushSync()
    return taken
  }
  return { actions, app, asked, leave, opened, press, session, table, at: () => actions.cursor.row?.key }
}

const hundred = Array.from({ length: 100 }, (_, index) => run(index + 1, { seed: index }))

test('only the rows in sight and a few more are made, and a scroll takes them along', () => {
  const { actions, leave } = tableOf(hundred)
  actions.window.height = 320
  expect(actions.window.made).toHaveLength(16)
  actions.window.scrollTop = 50 * rowHeight
  expect([actions.window.first, actions.window.last]).toEqual([44, 66])
  expect(actions.window.above + actions.window.made.length * rowHeight + actions.window.below).toBe(100 * rowHeight)
  leave()
})

test('arrows, page, home and end walk the cursor, keep it in sight and show its run', () => {
  const { actions, at, leave, press, session } = tableOf(hundred)
  actions.window.height = 320
  press('ArrowDown')
  expect([at(), session.shown]).toEqual(['r99', [99]])
  press('PageDown')
  expect(at()).toBe('r91')
  press('End')
  expect(at()).toBe('r1')
  expect(actions.window.last).toBe(100)
  expect(actions.window.scrollTop + actions.window.height).toBe(100 * rowHeight + 30)
  press('ArrowDown')
  expect(at()).toBe('r1')
  press('Home')
  expect([at(), actions.window.scrollTop]).toEqual(['r100', 0])
  expect(press('x')).toBe(false)
  expect(press('ArrowDown', { altKey: true })).toBe(false)
  leave()
})

test('shift extends the range from where it began, and back', () => {
  const { leave, press, session } = tableOf(hundred.slice(0, 5))
  press('ArrowDown')
  press('ArrowDown', { shiftKey: true })
  press('ArrowDown', { shiftKey: true })
  expect(session.shown).toEqual([4, 3, 2])
  press('ArrowUp', { shiftKey: true })
  press('ArrowUp', { shiftKey: true })
  press('ArrowUp', { shiftKey: true })
  expect(session.shown).toEqual([5, 4])
  leave()
})

test('what was ticked one by one is kept by walking on, and a range of ticks is added to it', () => {
  const { actions, leave, press, session, table } = tableOf(hundred.slice(0, 9))
  const rowOf = (id: number) => table.rows[table.rowOf(id)]!
  actions.click(rowOf(9), none)
  actions.click(rowOf(7), { ...none, ctrlKey: true })
  press('ArrowDown')
  expect(session.shown).toEqual([9, 7])
  actions.tickTo(rowOf(4), false)
  actions.tickTo(rowOf(2), true)
  expect(session.shown).toEqual([9, 7, 4, 3, 2])
  expect(actions.tickOf(rowOf(3))).toBe('all')
  press('a', { ctrlKey: true })
  expect(session.shown).toHaveLength(9)
  press('a', { metaKey: true })
  expect(session.shown).toEqual([])
  leave()
})

test('a range of ticks begins at the row unticked last, though the focus has gone on to another', () => {
  const { actions, leave, session, table } = tableOf(hundred.slice(0, 9))
  const rowOf = (id: number) => table.rows[table.rowOf(id)]!
  actions.click(rowOf(9), none)
  actions.tickTo(rowOf(8), false)
  session.focused = 8
  actions.tickTo(rowOf(8), false)
  flushSync()
  expect(session.focused).toBe(9)
  actions.tickTo(rowOf(6), true)
  expect(session.shown).toEqual([9, 8, 7, 6])
  leave()
})

const pairs = [
  run(4, { seed: 2, validation: { loss: 0.1 } }),
  run(3, { seed: 1, validation: { loss: 0.2 } }),
  run(2, { seed: 2, topology: { inputs: 4, layers: [{ units: 3, activation: 'softmax' }] } }),
  run(1, { seed: 1, topology: { inputs: 4, layers: [{ units: 3, activation: 'softmax' }] } })
]

test('a group folds out and in, is ticked as a whole, and says where only some of it is ticked', () => {
  const { actions, at, leave, press, session, table } = tableOf(pairs, true)
  expect(table.rows).toHaveLength(2)
  press('ArrowRight')
  expect(table.rows).toHaveLength(4)
  press(' ')
  expect(session.shown).toEqual([4, 3])
  press('ArrowDown')
  press(' ')
  expect(session.shown).toEqual([])
  press(' ')
  expect(actions.tickOf(table.rows[0]!)).toBe('some')
  press('ArrowUp')
  press('ArrowLeft')
  expect(table.rows).toHaveLength(2)
  expect(at()).toBe(table.rows[0]?.key)
  leave()
})

test('the cursor stays on a folded-out group that is walked to, though one of its runs comes into focus', () => {
  const { at, leave, press, session, table } = tableOf(pairs, true)
  press('ArrowRight')
  press('ArrowDown')
  press('ArrowDown')
  expect([at(), session.focused]).toEqual(['r3', 3])
  press('Home')
  expect(session.focused).toBe(4)
  expect(at()).toBe(table.rows[0]?.key)
  leave()
})

test('a run chosen elsewhere takes the cursor with it; one that is folded away the group', () => {
  const { at, leave, session, table } = tableOf(pairs, true)
  session.focus(1)
  flushSync()
  expect(at()).toBe(table.rows[1]?.key)
  leave()
})

test('keys write tags of a row and the note of the newest run of a group, which folds out for it', async () => {
  const { actions, app, asked, leave, press, table } = tableOf(pairs, true)
  press('t')
  expect(actions.editing).toEqual({ key: table.rows[0]?.key, field: 'tags' })
  actions.endEdit(table.rows[0]!, ' wide,wide, keep ')
  expect(app.runs.get(3)?.tags).toEqual(['wide', 'keep'])
  press('n')
  expect(actions.editing).toEqual({ key: 'r4', field: 'note' })
  actions.endEdit(table.rows[1]!, null)
  expect(actions.editing).toBeNull()
  await Promise.resolve()
  expect(asked).toEqual(['mark 4 3'])
  leave()
})

test('a refused mark is taken back, and its sentence shown', async () => {
  const { actions, app, leave, press } = tableOf([run(1)], false, false)
  press('*')
  expect(app.runs.get(1)?.starred).toBe(true)
  await expect.poll(() => actions.problem).not.toBeNull()
  expect(app.runs.get(1)?.starred).toBeUndefined()
  leave()
})

test('pause, resume and stop ask for what the status of the run allows', () => {
  const { asked, leave, press } = tableOf([
    run(4, { status: 'running' }),
    run(3, { status: 'paused' }),
    run(2, { status: 'done' }),
    run(1, { status: 'interrupted' })
  ])
  press('p')
  press('ArrowDown')
  press('p')
  press('s')
  press('ArrowDown')
  press('p')
  press('s')
  press('ArrowDown')
  press('p')
  press('s')
  expect(asked).toEqual(['pause 4', 'resume 3', 'stop 3', 'resume 1', 'stop 1'])
  leave()
})

test('Delete takes the row, or all that is ticked where the row is among it, and can be undone', () => {
  const { app, leave, press, session, table } = tableOf(hundred.slice(0, 5))
  press('ArrowDown')
  press('Delete')
  expect(table.rows).toHaveLength(4)
  expect(app.undo.offers.map(({ message }) => message)).toEqual(['Run 4 is deleted.'])
  press('a', { ctrlKey: true })
  press('Delete')
  expect(table.rows).toHaveLength(0)
  expect(session.shown).toEqual([])
  expect(press('ArrowDown')).toBe(false)
  app.undo.offers.at(-1)?.revert()
  expect(table.rows).toHaveLength(4)
  leave()
})

test('Enter opens the details of the run that stands for a row', () => {
  const { leave, opened, press, session } = tableOf(pairs, true)
  press('Enter')
  expect(opened).toEqual([4])
  expect(session.shown).toEqual([4, 3])
  leave()
})
