/**
 * One of each kind, added to the text of the tree by the recipes of src-engine/README.md: the activation z^3, the loss
 * e^4 / 4, the optimizer that shortens long gradients, the schedule that halves the rate every epoch, and the least
 * number of epochs.
 */

/** Text that goes in front of what is there once. */
export interface Change {
  readonly file: string
  readonly before: string
  readonly text: string
}

const codes = 'src-engine/kernels/assembly/codes.ts'

export const recipes: Readonly<Record<string, readonly Change[]>> = {
  'An activation': [
    {
      file: 'src-engine/network/activations.ts',
      before: '  tanh: {',
      text: `  cube: {
    label: 'Cube',
    formula: 'f(z) = z^3',
    derivative: "f'(z) = 3 z^2",
    derivativeFromOutput: false,
    range: '(-inf, inf)',
    zeroCentred: true,
    saturates: false,
    kinks: [],
    hidden: true,
    output: false,
    initialisation: 'glorot_uniform',
    help: 'Grows fast on both sides.'
  },
`
    },
    { file: codes, before: 'export const ACTIVATION_TANH', text: 'export const ACTIVATION_CUBE = 100\n' },
    {
      file: 'src-engine/kernels/assembly/activation.ts',
      before: '    case code.ACTIVATION_GELU:',
      text: `    case code.ACTIVATION_CUBE:
      for (; z < end; z += 16) {
        const v = v128.load(z)
        const square = f32x4.mul(v, v)
        v128.store(z, f32x4.mul(v, square))
        if (derivative) v128.store(z + distance, f32x4.mul(f32x4.splat(3), square))
      }
      break
`
    },
    {
      file: 'src-engine/kernels/reference/activations.ts',
      before: '  tanh: {',
      text: '  cube: { value: (z) => z ** 3, derivative: (z) => 3 * z ** 2 },\n'
    },
    {
      file: 'src-main/models/activations.ts',
      before: '  tanh: {',
      text: `  cube: {
    c: { text: 'z * z * z' },
    javascript: { text: 'z ** 3' },
    python: { text: 'z**3' },
    pytorch: { text: 'lambda z: z**3' },
    onnx: (graph, z) => graph.add('Mul', [z, graph.add('Mul', [z, z])])
  },
`
    }
  ],
  'A loss': [
    {
      file: 'src-engine/network/losses.ts',
      before: '  huber: {',
      text: `  quartic: {
    label: 'Quartic',
    formula: '1/(4m) sum_i (a_i - t_i)^4',
    tasks: ['regression'],
    outputs: ['linear'],
    startsFromSums: false,
    help: 'Hardly minds small errors.'
  },
`
    },
    { file: codes, before: 'export const LOSS_HUBER', text: 'export const LOSS_QUARTIC = 100\n' },
    {
      file: 'src-engine/kernels/assembly/loss.ts',
      before: '      if (kind == code.LOSS_HUBER) {',
      text: `      if (kind == code.LOSS_QUARTIC) {
        slope = f32x4.mul(e, f32x4.mul(e, e))
        rowLoss = f32x4.relaxed_madd(f32x4.mul(slope, e), f32x4.splat(0.25), rowLoss)
      }
`
    },
    {
      file: 'src-engine/kernels/assembly/loss.ts',
      before: '    if (kind == code.LOSS_HUBER) loss +=',
      text: '    if (kind == code.LOSS_QUARTIC) loss += <f64>sumLanes(rowLoss) * <f64>weight\n    else\n'
    },
    {
      file: 'src-engine/kernels/reference/losses.ts',
      before: "    case 'huber':",
      text: `    case 'quartic':
      return zipTerms(start, targets, (a, t) => ({ loss: (a - t) ** 4 / 4, gradient: (a - t) ** 3 }))
`
    }
  ],
  'An optimizer': [
    {
      file: 'src-engine/training/optimizers.ts',
      before: '  adagrad: row({',
      text: `  softened: row({
    label: 'Softened',
    formula: 'w <- w - r g / (1 + |g|)',
    defaults: { name: 'softened', learningRate: 0.01 },
    loop: 'softened',
    numbers: () => ({}),
    states: 0,
    help: 'No step is longer than the rate.'
  }),
`
    },
    { file: codes, before: 'export const OPTIMIZER_SGD', text: 'export const OPTIMIZER_SOFTENED = 100\n' },
    {
      file: 'src-engine/kernels/assembly/optimizer.ts',
      before: '    case code.OPTIMIZER_MOMENTUM:',
      text: '    case code.OPTIMIZER_SOFTENED:\n      softened(program, w, g, end)\n      break\n'
    },
    {
      file: 'src-engine/kernels/assembly/optimizer.ts',
      before: '/** w <- w - r g. */',
      text: `/** w <- w - r g / (1 + |g|). */
function softened(program: usize, w: usize, g: usize, end: usize): void {
  const rate = f32x4.splat(-load<f32>(program, at.P_RATE_F32))
  const one = f32x4.splat(1)
  for (; w < end; w += 16, g += 16) {
    const v = v128.load(g)
    const length = f32x4.div(v, f32x4.add(one, f32x4.abs(v)))
    v128.store(w, f32x4.relaxed_madd(rate, length, v128.load(w)))
  }
}

`
    },
    {
      file: 'src-engine/kernels/reference/optimizers.ts',
      before: "  | { readonly name: 'adagrad'",
      text: "  | { readonly name: 'softened'; readonly learningRate: number }\n"
    },
    {
      file: 'src-engine/kernels/reference/optimizers.ts',
      before: '    // v <- u v + g; w <- w - r v.',
      text: "    case 'softened':\n      return { parameters: moved(gradients.map((g) => g / (1 + Math.abs(g)))), state: { step, first, second } }\n\n"
    }
  ],
  'A schedule': [
    {
      file: 'src-engine/training/schedules.ts',
      before: '  step: row({',
      text: `  halving: row({
    label: 'Halving',
    formula: 'r / 2^(k - 1)',
    defaults: { name: 'halving' },
    rate: (_, { rate, epoch }) => rate * 0.5 ** (epoch - 1),
    help: 'Half the rate of the epoch before.'
  }),
`
    },
    {
      file: 'src-engine/kernels/reference/schedules.ts',
      before: "  | { readonly name: 'step'",
      text: "  | { readonly name: 'halving' }\n"
    },
    {
      file: 'src-engine/kernels/reference/schedules.ts',
      before: "    case 'step':",
      text: "    case 'halving':\n      return base * 0.5 ** done\n"
    }
  ],
  'A number of the plan': [
    {
      file: 'src-engine/training/settings.ts',
      before: "  'stopping.metric': {",
      text: `  'stopping.leastEpochs': {
    label: 'Least epochs',
    help: 'Does not stop before.',
    range: ranges.amount,
    whole: true,
    missing: 0
  },
`
    },
    {
      file: 'src-engine/training/trainer.ts',
      before: "    if (deciding && typeof targetLoss === 'number'",
      text: '    if (this.#epoch < (this.#setup.plan.stopping.leastEpochs ?? 0)) return null\n'
    }
  ]
}
