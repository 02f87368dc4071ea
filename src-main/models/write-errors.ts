/** Why a file that the person named can't be written, in a sentence with the mend. */
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '#contract/errors.ts'

const folderSentence = (path: string): string => `${path} is a folder. Name a file in it.`

const writeProblems: Record<string, (path: string) => string> = {
  ENOENT: (path) => `There is no folder ${dirname(path)}. Make it first, or choose another.`,
  ENOTDIR: (path) => `${dirname(path)} is no folder. Choose another.`,
  EISDIR: folderSentence,
  EACCES: (path) => `${path} can't be written: you have no permission to.`,
  EPERM: (path) => `${path} can't be written: you have no permission to.`,
  ENAMETOOLONG: () => 'The path is too long for this system. Choose a shorter name, or a folder further up.',
  EROFS: (path) => `${path} can't be written: its disk is read-only.`,
  ENOSPC: (path) => `The disk is full, so ${path} can't be written. Free some space and write it again.`
}

/** Gives a failure of writing its sentence; any other stays as it is. */
export function toWriteError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const sentence = writeProblems[String(error.code)]
  return sentence ? new LabError('bad_file', sentence(path), { file: path }, { cause: error }) : error
}

/**
 * Looks before anything is written: a new file takes the place of an old one, and of nothing else.
 * Errors: LabError 'bad_file' where a folder or a device stands at the path.
 */
export async function expectFileOrNothing(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found || found.isFile()) return
  const sentence = found.isDirectory() ? folderSentence(path) : `${path} is no file. Name one.`
  throw new LabError('bad_file', sentence, { file: path })
}
