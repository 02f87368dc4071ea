/** The sentence a person reads when a command fails. */
import { ORPCError } from '@orpc/client'
import { toLabError } from '#contract/client-errors.ts'
import { LabError } from '#contract/errors.ts'

/** Writes any failure as one line. */
export function sentenceOf(error: unknown): string {
  return toLabError(error)
    .message.replace(/\s*\n\s*/g, ' ')
    .trim()
}

/** Tells whether an error is a fault of the program, whose stack belongs in the log; what the lab sends is there already. */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof LabError || error instanceof ORPCError)
}
