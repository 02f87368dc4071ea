/**
 * Which workers have begun a unit and not ended it. How often the server has given it out does not tell: one that is on its
 * way to a worker that has stopped to listen, or whose acknowledgement is lost with the server, fells nobody.
 */
import type { ObjectStore } from '@nats-io/obj'
import { z } from 'zod'
import { readMessage } from '#lab/workers/nats/wire.ts'

/** After so many, a unit is what fells them. */
const mostFelled = 3

const begun = z.array(z.string().max(60)).max(mostFelled)

const keyOf = (name: string) => `${name}.begun`

/** Notes that a worker begins a unit that was given out before; false, and nothing noted, for one that has felled enough. */
export async function mayBegin(stands: ObjectStore, name: string, workerId: string): Promise<boolean> {
  const bytes = await stands.getBlob(keyOf(name))
  const felled = (bytes && readMessage(begun, bytes)) ?? []
  if (felled.length >= mostFelled) return false
  await stands.putBlob({ name: keyOf(name) }, Buffer.from(JSON.stringify([...felled, workerId])))
  return true
}

/** It has ended, or was given back in order. */
export async function forgetBegun(stands: ObjectStore, name: string): Promise<void> {
  await stands.delete(keyOf(name)).catch(() => undefined)
}
