/**
 * The closed list of errors that cross the contract, and the one class that carries them.
 * `message` is the sentence a person reads: what happened, where, and the mend.
 */
import { z } from 'zod'

export const errorCodes = [
  'not_found', // what the caller names is not in the lab
  'bad_file', // a file can't be read as a table
  'bad_settings', // target, roles, split, topology or plan that can't work
  'conflict', // not possible in the present state, such as pausing a finished run
  'lab_busy', // another process owns the lab folder
  'lab_unusable', // the lab folder is corrupt, from a newer version, or can't be written
  'cancelled', // the person cancelled it
  'engine', // the engine process failed; the lab goes on
  'internal' // unexpected: the stack is in the log
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Where in the input the fault is; all optional, shown beside the field or the cell they name. */
export const errorDetails = z.object({
  file: z.string().optional(),
  row: z.number().int().optional(),
  column: z.string().optional(),
  field: z.string().optional(),
  empty: z.boolean().optional().describe('The file holds nothing, so that reading it otherwise is no help'),
  reference: z.string().optional().describe('Where the log tells more of an unexpected error')
})

export type ErrorDetails = z.infer<typeof errorDetails>

/** An expected failure: its message is shown as it is. */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LabError'
    this.code = code
    this.details = details
  }
}
