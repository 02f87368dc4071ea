/** Brings files that a person dropped or chose to the lab: by their path on the desktop, by upload in a browser. */
import type { FileSource } from '#contract/datasets.ts'
import { uploadAnswer, uploadPath } from '#contract/web-host.ts'
import { UploadRefused } from '#renderer/lab/failure.ts'

/**
 * Makes files readable for the lab, in order.
 * Errors: rejects with UploadRefused and the host's sentence where the host does not take a file.
 */
export async function toSources(files: readonly File[], signal: AbortSignal): Promise<FileSource[]> {
  const sources: FileSource[] = []
  for (const file of files) sources.push(await toSource(file, signal))
  return sources
}

async function toSource(file: File, signal: AbortSignal): Promise<FileSource> {
  const path = window.topologyLab?.pathFor(file)
  if (path) return { path }
  const response = await send(file, signal)
  const answer = uploadAnswer.safeParse(await response.json().catch(() => null))
  if (answer.success && 'uploadId' in answer.data) return answer.data
  const message = answer.success && 'message' in answer.data ? answer.data.message : `${file.name} was not taken.`
  throw new UploadRefused(message)
}

async function send(file: File, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(`${uploadPath}?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file, signal })
  } catch (error) {
    if (signal.aborted) throw error
    throw new UploadRefused(`${file.name} could not be read. If it is a folder, choose the files in it.`, {
      cause: error
    })
  }
}
