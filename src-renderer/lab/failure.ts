/** What went wrong with a call, as the screens show it: a code of the contract's closed list and a sentence. */
import { ORPCError } from '@orpc/client'
import { type ErrorCode, type ErrorDetails, errorCodes, errorDetails } from '#contract/errors.ts'

export interface Failure {
  readonly code: ErrorCode | 'disconnected'
  readonly message: string
  readonly details: ErrorDetails
}

/** Reads whatever a call was rejected with. Errors: none; what it does not know becomes `internal`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const code = errorCodes.find((known) => known === error.code) ?? 'internal'
    const details = errorDetails.safeParse(error.data)
    return { code, message: error.message, details: details.success ? details.data : {} }
  }
  if (error instanceof UploadRefused) return { code: 'bad_file', message: error.message, details: {} }
  return {
    code: 'disconnected',
    message: 'The connection to the lab broke off before it answered. It is being restored; try again then.',
    details: {}
  }
}

/** A file that the host would not take; its message is the host's sentence. */
export class UploadRefused extends Error {}
