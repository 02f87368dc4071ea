/** Turns what a handler throws into what crosses the contract: a code of the closed list, a sentence, and plain details. */
import { ORPCError } from '@orpc/server'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type ErrorDetails, LabError } from '#contract/errors.ts'
import type { HostServices } from '#lab/hosts/services.ts'
import { storageProblem } from '#lab/store/problems.ts'

/**
 * Maps any error to one that every transport can carry.
 * Errors: none. Unexpected ones go to the log with their stack; the client gets a reference to it.
 */
export function toContractError(error: unknown, log: HostServices['log']): ORPCError<string, ErrorDetails> {
  const known = storageProblem(error) ?? inputProblem(error)
  if (known) return new ORPCError(known.code, { message: known.message, data: known.details, defined: true })
  const reference = randomUUID().slice(0, 8)
  log('error', `[${reference}] ${describe(error)}`)
  const message = `Something unexpected went wrong; the log tells more under ${reference}.`
  return new ORPCError('internal', { message, data: { reference }, defined: true })
}

/** A failed job's last item: not an exception, for nobody may be listening yet. Errors: none, as toContractError(). */
export function failedItem(error: unknown, log: HostServices['log']) {
  const { code, message, data: details } = toContractError(error, log)
  return { type: 'failed', code, message, details } as const
}

const issues = z.object({
  issues: z
    .array(z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])).default([]) }))
    .min(1)
})

/** Input that does not fit the contract's schema names its first faulty field. */
function inputProblem(error: unknown): LabError | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST') return null
  const [first] = issues.safeParse(error.data).data?.issues ?? []
  const field = first?.path.join('.') ?? ''
  const what = first ? `${field === '' ? 'The input' : field}: ${first.message}.` : error.message
  return new LabError('bad_settings', `The call does not fit the contract. ${what}`, field === '' ? {} : { field })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
