/** What a client makes of an error that came over the contract, whatever the transport. */
import { ORPCError } from '@orpc/client'
import { type ErrorCode, errorCodes, type ErrorDetails, errorDetails, LabError } from '#contract/errors.ts'

/**
 * Turns whatever a call of the client threw into the lab's own error.
 * Errors: none; what the lab did not send (a lost connection, say) becomes `internal` with its own message.
 */
export function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  if (error instanceof ORPCError) {
    const { code, message, data } = error as ORPCError<string, unknown>
    if (isErrorCode(code)) return new LabError(code, message, readDetails(data))
  }
  const message = error instanceof Error ? error.message : String(error)
  return new LabError('internal', message, {}, { cause: error })
}

function isErrorCode(code: string): code is ErrorCode {
  return (errorCodes as readonly string[]).includes(code)
}

function readDetails(data: unknown): ErrorDetails {
  const details = errorDetails.safeParse(data)
  return details.success ? details.data : {}
}
