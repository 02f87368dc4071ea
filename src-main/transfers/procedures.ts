/** Experiments that leave for another lab or a tracking tool, and bundles that come in. */
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { Transfers } from '#lab/transfers/transfers.ts'

export function transferProcedures({ transfers: os }: Implementer, transfers: Transfers) {
  return {
    write: os.write.handler(({ input }) => ({ jobId: transfers.write(input) })),
    read: os.read.handler(({ input }) => ({ jobId: transfers.read(input.source) })),
    progress: os.progress.handler(({ input, signal }) => transfers.follow(input.jobId, signal)),
    cancel: os.cancel.handler(({ input }) => transfers.cancel(input.jobId))
  }
}
