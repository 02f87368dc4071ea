/** `lab backprop RUN`: one row through a run's network and back, with its numbers, and the check of its gradients. */
import {
  backpropagate,
  checkGradients,
  type LayerPass,
  targetVector,
  unexplained
} from '#engine/graph/backpropagation.ts'
import { unflatten } from '#engine/kernels/reference/parameters.ts'
import { outputLayer } from '#engine/network/topology.ts'
import { LabError } from '#contract/errors.ts'
import { withLab } from '#lab/cli/connection.ts'
import { type CliContext, type ExitCode, exitCodes } from '#lab/cli/context.ts'
import { requireRun } from '#lab/cli/find.ts'
import { formatFacts, formatTable } from '#lab/cli/table.ts'
import { formatFigure } from '#words/numbers.ts'

export interface BackpropOptions {
  readonly row?: number
  readonly epoch?: number
}

/** Units and weights of a layer that a person reads; --json has all. */
const mostUnits = 12
const mostWeights = 4

export function runBackprop(context: CliContext, text: string, { row, epoch }: BackpropOptions): Promise<ExitCode> {
  return withLab(context, 'read', async ({ client }) => {
    const { id } = await requireRun(client, text)
    const network = await client.understand.row({
      runId: id,
      weights: epoch ?? 'best',
      row: row === undefined ? null : row - 1
    })
    const { topology, loss, huberDelta, learningRate, inputs, target } = network
    const reason = unexplained(topology)
    if (reason !== null) throw new LabError('conflict', reason)
    const settings = {
      topology,
      loss: loss === 'huber' ? { name: loss, delta: huberDelta } : { name: loss },
      parameters: unflatten(topology, network.parameters),
      x: [...inputs],
      t: targetVector(target, outputLayer(topology).units),
      rate: learningRate
    }
    const pass = backpropagate(settings)
    const check = checkGradients(settings, 200)
    const layers = pass.layers.map(({ z, a, delta, gradient, before, after }, index) => ({
      layer: index + 1,
      activation: topology.layers[index]?.activation ?? '',
      z,
      a,
      delta,
      gradient,
      before,
      after
    }))
    context.output.result(
      {
        run: id,
        epoch: network.epoch,
        row: network.row + 1,
        part: network.part,
        target: network.targetText,
        loss,
        rate: learningRate,
        inputs: network.inputNames.map((name, index) => ({ name, value: inputs[index] })),
        outputs: network.outputNames.map((name, index) => ({
          name,
          value: pass.outputs[index],
          wanted: settings.t[index]
        })),
        lossBefore: pass.loss,
        lossAfter: pass.lossAfter,
        check,
        layers
      },
      () =>
        [
          formatFacts([
            [
              'run',
              epoch === undefined || epoch === network.epoch
                ? `${id}, epoch ${network.epoch}`
                : `${id}, epoch ${network.epoch}, the kept one nearest to ${epoch}`
            ],
            ['row', `${network.row + 1} of the ${network.part === 'train' ? 'training' : 'validation'} part`],
            ['wanted', network.targetText],
            [
              'output',
              network.outputNames
                .map((name, index) => `${name} ${formatFigure(pass.outputs[index])}`)
                .slice(0, mostUnits)
                .join(', ')
            ],
            [
              'loss',
              `${formatFigure(pass.loss)}, behind a step of ${formatFigure(learningRate)} ${formatFigure(pass.lossAfter)}`
            ],
            [
              'check',
              `${check.passed ? 'passed' : 'FAILED'}: ${formatFigure(check.fromGraph)} from the computation graph, ` +
                `${formatFigure(check.fromDifferences)} from differences of ${check.looked} of ${check.ofParameters} parameters`
            ]
          ]),
          ...pass.layers.map((layer, index) => describeLayer(layer, index, topology.layers[index]?.activation ?? ''))
        ].join('\n\n')
    )
    return exitCodes.done
  })
}

function describeLayer({ z, a, delta, gradient, inputs }: LayerPass, index: number, activation: string): string {
  const units = z.map((sum, unit) => ({
    unit: unit + 1,
    sum,
    a: a[unit],
    delta: delta[unit],
    row: gradient.weights[unit] ?? []
  }))
  const more = units.length > mostUnits ? `\n${units.length - mostUnits} more units; --json has all.` : ''
  const strongest = (row: readonly number[], unit: number) =>
    row
      .map((value, input) => ({ value, input }))
      .sort((x, y) => Math.abs(y.value) - Math.abs(x.value))
      .slice(0, mostWeights)
      .map(
        ({ value, input }) =>
          `w${input + 1}: ${formatFigure(delta[unit - 1])} * ${formatFigure(inputs[input])} = ${formatFigure(value)}`
      )
      .join(', ')
  const table = formatTable(units.slice(0, mostUnits), [
    { title: 'unit', text: ({ unit }) => `${unit}`, right: true },
    { title: 'z', text: ({ sum }) => formatFigure(sum), right: true },
    { title: 'a', text: (unit) => formatFigure(unit.a), right: true },
    { title: 'delta', text: (unit) => formatFigure(unit.delta), right: true },
    { title: 'largest gradients, delta * a', text: ({ unit, row }) => strongest(row, unit) }
  ])
  return `Layer ${index + 1}, ${activation}\n${table}${more}`
}
