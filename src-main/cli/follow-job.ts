/** Follows a job of the lab to its last item: progress on stderr, an interrupt cancels it. */
import { errorCodes, LabError } from '#contract/errors.ts'
import type { CliContext } from '#lab/cli/context.ts'

interface Progress {
  readonly type: 'progress'
  readonly fraction: number | null
  readonly message: string
}

interface Failed {
  readonly type: 'failed'
  readonly code: string
  readonly message: string
}

/**
 * Gives the item that ends the job.
 * Errors: LabError as the job says it, 'cancelled' when the person interrupts.
 */
export async function followJob<Item extends { readonly type: string }>(
  items: AsyncIterable<Item | Progress | Failed>,
  cancel: () => Promise<void>,
  { output, interrupted }: CliContext
): Promise<Exclude<Item, Progress | Failed>> {
  const onAbort = () => void cancel().catch(() => undefined)
  interrupted.addEventListener('abort', onAbort)
  try {
    for await (const item of items) {
      if (isProgress(item)) output.progress(item.fraction, item.message)
      else if (isFailed(item)) {
        throw new LabError(errorCodes.find((code) => code === item.code) ?? 'internal', item.message)
      } else return item as Exclude<Item, Progress | Failed>
    }
  } finally {
    interrupted.removeEventListener('abort', onAbort)
  }
  throw new LabError('internal', 'The work ended without a result; try it again.')
}

function isProgress(item: { readonly type: string }): item is Progress {
  return item.type === 'progress'
}

function isFailed(item: { readonly type: string }): item is Failed {
  return item.type === 'failed'
}
