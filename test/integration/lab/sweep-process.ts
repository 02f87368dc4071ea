/**
 * A process of its own that sweeps in a lab and dies of SIGKILL in the middle of it: `node sweep-process.ts FOLDER`.
 * Kills itself as soon as a run has ended, since a parent that hears of it by a pipe may be too late on a busy machine.
 */
import { createLab } from '#lab/lab.ts'
import { ringsExperiment, servicesOf, sweepOf } from '#test/integration/lab/support.ts'

const [folder = ''] = process.argv.slice(2)
const lab = await createLab(folder, servicesOf({ engines: [], errors: [] }))
const { client } = lab
const experiment = await ringsExperiment(client, folder)
const events = await client.host.events()
await client.sweeps.start(sweepOf(experiment, ['none', '4', '16', '64x32'], { epochs: 1500 }))
for await (const event of events) {
  if (event.type === 'sweep' && event.sweep.runs.done > 0) process.kill(process.pid, 'SIGKILL')
}
