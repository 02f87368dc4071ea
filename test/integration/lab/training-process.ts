/**
 * A process of its own that trains in a lab until somebody kills it: `node training-process.ts FOLDER EPOCHS`.
 * Says `{"runId"}` and then `{"shown": [...losses]}` on stdout for all that a screen would have shown by then.
 */
import { createLab } from '#lab/lab.ts'
import { columnOf, ringsExperiment, servicesOf, startRuns, watchCurve } from '#test/integration/lab/support.ts'

const [folder = '', epochs = ''] = process.argv.slice(2)
const lab = await createLab(folder, servicesOf({ engines: [], errors: [] }))
const { client } = lab
const experiment = await ringsExperiment(client, folder)
const [run] = await startRuns(client, experiment, Number(epochs))
const runId = run?.id ?? 0
say({ runId })

// A pause stores a checkpoint in the middle, so that the resume has something to go on from.
await watchCurve(client, runId, 20)
await client.runs.pause({ runId })
await client.runs.resume({ runId })
const seen = []
for await (const item of await client.runs.metrics({ runIds: [runId] })) {
  if (item.type !== 'curves') continue
  seen.push(...item.pieces)
  say({ shown: columnOf(seen, 'validationLoss') })
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
