/** What SQLite and the file system say when a lab can't be read or written, as sentences for a person. */
import { LabError } from '#contract/errors.ts'

/**
 * Turns a failure of SQLite or of the file system into the error a person reads; null where it is neither.
 * Errors: none; the caller throws what comes back.
 */
export function storageProblem(error: unknown): LabError | null {
  if (error instanceof LabError) return error
  const code = codeOf(error)
  if (code === null) return null
  const sentence = sentences.find(({ codes }) => codes.test(code))?.sentence
  return sentence ? new LabError('lab_unusable', sentence, {}, { cause: error }) : null
}

const longestPath = 480

/** The error for a lab folder that can't be used at all; names the folder. */
export function folderProblem(folder: string, error: unknown): LabError {
  // SQLite takes paths of about 500 bytes and says of longer ones that it can't open them.
  const isLong = codeOf(error) === 'SQLITE_CANTOPEN' && Buffer.byteLength(folder) > longestPath
  const known = storageProblem(isLong ? Object.assign(new Error(), { code: 'ENAMETOOLONG' }) : error)
  const why = known?.message ?? (error instanceof Error ? error.message : String(error))
  return new LabError(
    'lab_unusable',
    `The lab folder ${folder} can't be used. ${why}`,
    { file: folder },
    { cause: error }
  )
}

/** Whether a lab that can't be opened for this reason may still be read: its folder or its disk takes nothing more. */
export function isWriteProblem(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (
      /^(SQLITE_(FULL|READONLY|CANTOPEN|PERM|IOERR)|ENOSPC$|EDQUOT$|EACCES$|EPERM$|EROFS$)/.test(codeOf(cause) ?? '')
    ) {
      return true
    }
  }
  return false
}

/** Whether the disk is full. */
export function isFullDisk(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/.test(codeOf(cause) ?? '')) return true
  }
  return false
}

const sentences = [
  {
    codes: /^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/,
    sentence: 'The disk that holds the lab is full. Nothing already stored is lost; free some space and try again.'
  },
  {
    codes: /^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|SQLITE_AUTH|EACCES$|EPERM$|EROFS$)/,
    sentence: 'The lab can be read but not written. Check the permissions of its folder, or choose another one.'
  },
  {
    codes: /^(SQLITE_CORRUPT|SQLITE_NOTADB)/,
    sentence:
      'Its file lab.sqlite is damaged. Put a backup in its place, or move it away to begin anew; it was left as it is.'
  },
  {
    codes: /^(SQLITE_IOERR|EIO$)/,
    sentence: 'The disk that holds the lab reports an error. Check the disk; nothing was changed.'
  },
  {
    codes: /^ENAMETOOLONG$/,
    sentence: 'Its path is too long for this system. Choose a folder with a shorter path.'
  },
  { codes: /^(ENOTDIR|EEXIST)$/, sentence: 'There is a file where the lab needs a folder. Choose another folder.' },
  {
    codes: /^(SQLITE_BUSY|SQLITE_LOCKED)/,
    sentence: 'Another program is using its file lab.sqlite. Close it and try again.'
  }
]

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
