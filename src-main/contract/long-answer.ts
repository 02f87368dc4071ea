/** The output of calls whose answers are long: thousands of runs or points. */
import { z } from 'zod'
import { writeInOneGo } from '#contract/serialization.ts'

/**
 * Such an answer is neither checked nor walked through value by value, which for thousands of runs holds the lab up
 * longer than all that makes them. That it keeps to its schema is for the tests of the call.
 */
export function longAnswer<Answer extends object>() {
  return z.custom<Answer>().transform(writeInOneGo)
}
