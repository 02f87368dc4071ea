/** `sweeps.share` and `sweeps.gather`. */
import { resolve } from 'node:path'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { FolderSharing } from '#lab/workers/folder/share.ts'

export function sharingProcedures({ sweeps: os }: Implementer, sharing: FolderSharing) {
  return {
    share: os.share.handler(({ input }) => sharing.share(input.sweepId, resolve(input.folder))),
    gather: os.gather.handler(({ input }) => sharing.gather(resolve(input.folder)))
  }
}
