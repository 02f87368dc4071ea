/** `sweeps.share` and `sweeps.gather`; `sweeps.workers`. */
import { resolve } from 'node:path'
import type { Implementer } from '#lab/procedures/implementer.ts'
import type { FolderSharing } from '#lab/workers/folder/share.ts'
import type { ServerExecutors } from '#lab/workers/nats/executor.ts'

interface Sharing {
  readonly folderSharing: FolderSharing
  readonly servers: ServerExecutors
}

export function sharingProcedures({ sweeps: os }: Implementer, { folderSharing: sharing, servers }: Sharing) {
  return {
    share: os.share.handler(({ input }) => sharing.share(input.sweepId, resolve(input.folder))),
    gather: os.gather.handler(({ input }) => sharing.gather(resolve(input.folder))),
    workers: os.workers.handler(() => servers.workers())
  }
}
