/**
 * A process of its own that sweeps in a lab until somebody kills it: `node sweep-process.ts FOLDER`.
 * Says `{"sweepId","done"}` on stdout as runs end.
 */
import { createLab } from '#lab/lab.ts'
import { ringsExperiment, servicesOf, sweepOf } from '#test/integration/lab/support.ts'

const [folder = ''] = process.argv.slice(2)
const lab = await createLab(folder, servicesOf({ engines: [], errors: [] }))
const { client } = lab
const experiment = await ringsExperiment(client, folder)
const events = await client.host.events()
await client.sweeps.start(sweepOf(experiment, ['none', '4', '16', '64x32'], { epochs: 60 }))
for await (const event of events) {
  if (event.type !== 'sweep') continue
  process.stdout.write(`${JSON.stringify({ sweepId: event.sweep.id, done: event.sweep.runs.done })}\n`)
}
