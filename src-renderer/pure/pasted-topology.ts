/** What a clipboard may hold of a topology: its text, or JSON of this lab such as `lab show --json`, a model or a run. */
import { z } from 'zod'
import { hiddenLayers, topology } from '#contract/network.ts'
import { hiddenLayers as hiddenOf, type Layer } from '#engine/network/topology.ts'

/** Whole topologies end in an output layer, which the task of each experiment chooses anew. */
const whole = topology.transform(hiddenOf)

const known = z.union([
  hiddenLayers,
  whole,
  z.object({ topology: whole }).transform((holder) => holder.topology),
  z.object({ run: z.object({ topology: whole }) }).transform((holder) => holder.run.topology),
  z.object({ hidden: hiddenLayers }).transform((holder) => holder.hidden)
])

/**
 * Reads the hidden layers of JSON; null where the text is no JSON at all.
 * Errors: throws RangeError where it is JSON of something else.
 */
export function readPastedJson(text: string): Layer[] | null {
  if (!/^\s*[[{]/.test(text)) return null
  const found = known.safeParse(parse(text))
  if (found.success) return found.data
  throw new RangeError('The clipboard holds no topology: copy one here, or a run or model of this lab as JSON.')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
