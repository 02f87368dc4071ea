/** Why a file of a person's own choosing can't be written, in a sentence. */
import { dirname } from 'node:path'
import { LabError } from '#contract/errors.ts'

const writeProblems: Record<string, (path: string) => string> = {
  ENOENT: (path) => `There is no folder ${dirname(path)}. Make it first, or choose another.`,
  ENOTDIR: (path) => `${dirname(path)} is no folder. Choose another.`,
  EISDIR: (path) => `${path} is a folder. Name a file in it.`,
  EACCES: (path) => `${path} can't be written: you have no permission to.`,
  EPERM: (path) => `${path} can't be written: you have no permission to.`,
  EROFS: (path) => `${path} can't be written: its disk is read-only.`,
  ENOSPC: (path) => `The disk is full, so ${path} can't be written. Free some space and try again.`
}

/** Makes the sentence of what the system or DuckDB says of a file that is written; what is not known stays as it was. */
export function toWriteError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const code = /No space left on device/i.test(error.message) ? 'ENOSPC' : 'code' in error ? String(error.code) : ''
  const sentence = writeProblems[code]
  return sentence ? new LabError('bad_file', sentence(path), { file: path }, { cause: error }) : error
}
