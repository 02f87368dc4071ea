/** The complexity curve of a report: error over parameters, as inline SVG in the colours of a light page. */
import { scaleLinear, scaleLog } from 'd3-scale'
import type { ReportDocument } from '#contract/report.ts'
import { type Markup, markup } from '#lab/report/markup.ts'
import { tickWriter } from '#words/errors.ts'
import { formatCount } from '#words/numbers.ts'
import { nameTopology } from '#words/topologies.ts'

const size = { width: 680, height: 346 }
const area = { left: 62, right: 664, top: 14, bottom: 272 }
const colours = { training: '#0b62c4', validation: '#c25700', text: '#4a535e', grid: '#e7eaee', mark: '#191d22' }

type Point = ReportDocument['tried'][number]

/** Draws the curve; null below two networks, between which there is no curve. */
export function drawCurve({ tried, measure }: ReportDocument): Markup | null {
  const points = tried.filter(({ parameters }) => parameters > 0)
  const constant = tried.find(({ parameters }) => parameters === 0)
  const sizes = points.map(({ parameters }) => parameters)
  if (new Set(sizes).size < 2) return null
  const values = points.flatMap(({ train, trials }) => [train.median, ...trials.map(({ validation }) => validation)])
  const finite = values.filter(Number.isFinite)
  const x = scaleLog([Math.min(...sizes), Math.max(...sizes)], [area.left + 12, area.right - 12])
  const y = scaleLinear(
    [0, Math.max(...finite, constant ? Math.min(constant.validation.median, 1.5 * Math.max(...finite)) : 0)],
    [area.bottom, area.top]
  ).nice(5)
  const at = (point: Point, value: number) => `${x(point.parameters).toFixed(1)},${y(value).toFixed(1)}`
  const line = (value: (point: Point) => number) => points.map((point) => at(point, value(point))).join(' ')
  const band = [
    ...points.map((point) => at(point, point.validation.q1)),
    ...points.toReversed().map((point) => at(point, point.validation.q3))
  ].join(' ')
  const writeTick = tickWriter(measure.name)
  const constantAt = constant && y(constant.validation.median)
  return markup`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${measure.label} over parameters; the table below has the figures">
${y.ticks(5).map((tick) => markup`<line x1="${area.left}" x2="${area.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="${colours.grid}"/><text x="${area.left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="${colours.text}">${writeTick(tick)}</text>`)}
${logTicks(x).map((tick) => markup`<line x1="${x(tick)}" x2="${x(tick)}" y1="${area.bottom}" y2="${area.bottom + 4}" stroke="${colours.text}"/><text x="${x(tick)}" y="${area.bottom + 18}" text-anchor="middle" fill="${colours.text}">${formatCount(tick)}</text>`)}
${constant && constantAt !== undefined && constantAt >= area.top && markup`<line x1="${area.left}" x2="${area.right}" y1="${constantAt}" y2="${constantAt}" stroke="${colours.text}" stroke-dasharray="2 4"/><text x="${area.right}" y="${constantAt - 5}" text-anchor="end" fill="${colours.text}">${nameTopology(constant)}, which sees no input</text>`}
<polygon points="${band}" fill="${colours.validation}" fill-opacity="0.15"/>
<polyline points="${line(({ train }) => train.median)}" fill="none" stroke="${colours.training}" stroke-width="1.75"/>
<polyline points="${line(({ validation }) => validation.median)}" fill="none" stroke="${colours.validation}" stroke-width="1.75" stroke-dasharray="6 4"/>
${points.flatMap((point) => point.trials.filter(({ validation }) => Number.isFinite(validation)).map(({ validation }) => markup`<circle cx="${x(point.parameters).toFixed(1)}" cy="${y(validation).toFixed(1)}" r="2" fill="${colours.validation}" fill-opacity="0.6"/>`))}
${points.filter(({ chosen, suggested }) => chosen || suggested).map((point) => drawMark(point, x(point.parameters), y(point.validation.median)))}
<text x="${(area.left + area.right) / 2}" y="${area.bottom + 40}" text-anchor="middle" fill="${colours.text}">Parameters</text>
<text transform="translate(14 ${(area.top + area.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${colours.text}">${measure.label}</text>
<g transform="translate(${area.left} ${area.bottom + 56})"><line x2="22" stroke="${colours.training}" stroke-width="1.75"/><text x="28" y="4" fill="${colours.text}">training, median</text><line x1="150" x2="172" stroke="${colours.validation}" stroke-width="1.75" stroke-dasharray="6 4"/><text x="178" y="4" fill="${colours.text}">validation, median with quartiles; one dot a seed</text></g>
</svg>`
}

function drawMark(point: Point, left: number, top: number): Markup {
  const word = point.chosen ? (point.suggested ? 'chosen, as suggested' : 'chosen') : 'suggested'
  const isRight = left > (area.left + area.right) / 2
  const label = `${nameTopology(point)}: ${word}`
  return markup`<circle cx="${left.toFixed(1)}" cy="${top.toFixed(1)}" r="5" fill="none" stroke="${colours.mark}" stroke-width="1.75"/><text x="${(left + (isRight ? -9 : 9)).toFixed(1)}" y="${Math.max(area.top + 10, top - 9).toFixed(1)}" text-anchor="${isRight ? 'end' : 'start'}" fill="${colours.mark}" font-weight="600" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${label}</text>`
}

/** Powers of ten where there are some, else the round numbers between. */
function logTicks(x: ReturnType<typeof scaleLog<number>>): number[] {
  const all = x.ticks(6)
  const powers = all.filter((tick) => Number.isInteger(Math.log10(tick)))
  if (powers.length >= 3) return powers
  const round = all.filter((tick) => /^[125]0*$/.test(String(tick)))
  return round.length >= 2 ? round : all
}
