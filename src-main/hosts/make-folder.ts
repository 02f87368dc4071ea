/** Making a folder, wherever a person asks for it. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder with the folders above it. Node's own recursive mkdir() tries for ever where a system makes none, as in
 * /proc. `mode` is of the folder itself, where it is new.
 * Errors: as the system says; a sentence where no folder can be made.
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  if (await isFolder(folder)) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  await mkdir(folder, { mode }).catch(async (error: unknown) => {
    // Somebody else was faster.
    if (await isFolder(folder)) return
    const isNowhere = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw isNowhere ? new Error('No folder can be made there. Choose another one.') : error
  })
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )
}
