/** The formulas of the regions with their numbers. Pure; TeX. */
import { tex, texTerm } from '#renderer/parts/foundations/numbers.ts'
import type { RegionsModel } from '#renderer/parts/foundations/regions/model.svelte.ts'

const mostShown = 3

/** One unit at the input that is looked at. */
export function lineTex({ line: { w1, w2, bias }, state: { steep }, probe: [x, y] }: RegionsModel): string {
  const z = steep * (w1 * x + w2 * y + bias)
  return `\\begin{aligned}z &= ${tex(steep * w1)} \\cdot ${texTerm(x)} + ${texTerm(steep * w2)} \\cdot ${texTerm(y)} + ${texTerm(steep * bias)}\\\\ &= ${tex(z)}, \\quad y = \\sigma(z) = ${tex(1 / (1 + Math.exp(-z)))}\\end{aligned}`
}

/** The hidden units of the lines at the input, and what the units behind them make of it. */
export function regionTex({ parts, probe: [x, y], state }: RegionsModel): string {
  if (parts.length === 0) return ''
  const fired = parts.map(({ halves }) => halves.map(({ w1, w2, bias }) => (w1 * x + w2 * y + bias >= 0 ? 1 : 0)))
  const rows = fired.map((own, part) => {
    const sum = own.reduce<number>((total, h) => total + h, 0)
    const name = parts.length === 1 ? 'y' : `p_${part + 1}`
    const shown = own.length > 6 ? `${own.slice(0, 5).join(' + ')} + \\cdots` : own.join(' + ')
    return `${name} &= H(${shown} - ${own.length - 0.5}) = ${sum >= own.length ? 1 : 0}`
  })
  const ands = fired.map((own) => (own.every((h) => h === 1) ? 1 : 0))
  const or =
    state.view === 'union' && parts.length > 1
      ? [`y &= H(${ands.join(' + ')} - 0.5) = ${ands.some((p) => p === 1) ? 1 : 0}`]
      : []
  return `\\begin{aligned}${[...rows, ...or].join('\\\\')}\\end{aligned}`
}

/** The first lines as units. */
export function halvesTex({ parts }: RegionsModel): string {
  const halves = parts.flatMap((part) => part.halves)
  const rows = halves
    .slice(0, mostShown)
    .map(({ w1, w2, bias }, index) => `h_${index + 1} &= H(${tex(w1)}\\,x_1 ${signed(w2)}\\,x_2 ${signed(bias)})`)
  const more = halves.length > mostShown ? `\\\\ &\\ \\text{and ${halves.length - mostShown} more lines}` : ''
  return `\\begin{aligned}${rows.join('\\\\')}${more}\\end{aligned}`
}

/** The sum of the hidden units of a curve. */
export function curveTex({ approximation, state: { bend, units } }: RegionsModel): string {
  const shape = { tanh: '\\tanh', relu: '\\operatorname{relu}', threshold: 'H' }[bend]
  const inner = (at: number) =>
    bend === 'tanh' ? `${tex(approximation.slope)}\\,(x ${signed(-at)})` : `x ${signed(-at)}`
  const terms = approximation.units.slice(0, 2).map(({ at, weight }) => `${signed(weight)}\\,${shape}(${inner(at)})`)
  return `\\begin{aligned}y &= ${tex(Math.abs(approximation.bias) < 1e-9 ? 0 : approximation.bias)}\\\\ &\\quad ${terms.join('\\\\ &\\quad ')}${units > 2 ? '\\\\ &\\quad + \\cdots' : ''}\\end{aligned}`
}

const signed = (value: number) => `${value < 0 ? '-' : '+'} ${tex(Math.abs(value))}`
