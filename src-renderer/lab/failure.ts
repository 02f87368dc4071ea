/** What went wrong with a call, as the screens show it: a code of the contract's closed list and a sentence. */
import { ORPCError } from '@orpc/client'
import { toLabError } from '#contract/client-errors.ts'
import type { ErrorCode, ErrorDetails } from '#contract/errors.ts'

export interface Failure {
  readonly code: ErrorCode | 'disconnected'
  readonly message: string
  readonly details: ErrorDetails
}

/** A file that the host would not take; its message is the host's sentence. */
export class UploadRefused extends Error {}

/** Reads whatever a call was rejected with. Errors: none; what the lab did not answer is a lost connection. */
export function toFailure(error: unknown): Failure {
  if (error instanceof UploadRefused) return { code: 'bad_file', message: error.message, details: {} }
  if (error instanceof ORPCError) {
    const { code, message, details } = toLabError(error)
    return { code, message, details }
  }
  return {
    code: 'disconnected',
    message: 'The connection to the lab broke off before it answered. It is being restored; try again then.',
    details: {}
  }
}
