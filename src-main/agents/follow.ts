/** Follows what an agent started to its end. What the agent gives up, or its minutes cut off, is stopped and stays tried. */
import type { ContractClient } from '#contract/contract.ts'
import { LabError } from '#contract/errors.ts'
import type { LabEvent } from '#contract/host.ts'
import type { Run } from '#contract/runs.ts'
import type { Sweep } from '#contract/sweeps.ts'
import type { Call } from '#lab/agents/tool.ts'
import { isActive } from '#trials/run-status.ts'
import { formatFigure } from '#words/numbers.ts'

interface Followed<Each extends Run | Sweep> {
  readonly start: () => Promise<Each>
  readonly isGoing: (each: Each) => boolean
  readonly find: (event: LabEvent, started: Each) => Each | null
  readonly stop: (each: Each) => Promise<Each>
  readonly tell: (each: Each) => void
}

/** Starts a run and stays until it has ended; `over` and the end of the call stop it. Errors: as the lab says. */
export function followRun(
  client: ContractClient,
  start: () => Promise<Run>,
  call: Call,
  over: AbortSignal
): Promise<Run> {
  return follow(client, AbortSignal.any([call.signal, over]), {
    start,
    isGoing: isActive,
    find: (event, { id }) => (event.type === 'run' && event.run.id === id ? event.run : null),
    stop: ({ id }) => client.runs.stop({ runId: id }),
    tell: ({ id, epochs, plan, validation }) =>
      call.progress(epochs, plan.stopping.epochs, `Run ${id}, validation loss ${formatFigure(validation?.loss)}`)
  })
}

/** The same of a sweep. */
export function followSweep(
  client: ContractClient,
  start: () => Promise<Sweep>,
  call: Call,
  over: AbortSignal
): Promise<Sweep> {
  return follow(client, AbortSignal.any([call.signal, over]), {
    start,
    isGoing: ({ status }) => status === 'running' || status === 'paused',
    find: (event, { id }) => (event.type === 'sweep' && event.sweep.id === id ? event.sweep : null),
    stop: ({ id }) => client.sweeps.stop({ sweepId: id }),
    tell: ({ id, planned, runs }) => call.progress(planned - runs.waiting - runs.running, planned, `Sweep ${id}`)
  })
}

async function follow<Each extends Run | Sweep>(
  client: ContractClient,
  ended: AbortSignal,
  { start, isGoing, find, stop, tell }: Followed<Each>
): Promise<Each> {
  const listening = new AbortController()
  const events = await client.host.events(undefined, { signal: listening.signal })
  // Asked for before anything starts, so that no change of it is missed.
  let next = events.next()
  const wasEnded = new Promise<null>((resolve) => {
    if (ended.aborted) resolve(null)
    else ended.addEventListener('abort', () => resolve(null), { once: true })
  })
  try {
    let each = await start()
    while (isGoing(each)) {
      const item = await Promise.race([next, wasEnded])
      if (item === null) return await stop(each)
      if (item.done)
        throw new LabError('lab_busy', 'The lab was closed; what was started goes on when it is opened again.')
      const found = find(item.value, each)
      if (found) tell((each = found))
      next = events.next()
    }
    return each
  } finally {
    // The pending read ends with the stream; nobody is interested in how.
    void next.catch(() => undefined)
    listening.abort()
  }
}
