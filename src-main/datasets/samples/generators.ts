/** Small problems made by a formula and a seed, each to show one thing about networks. */
import { Random } from '#engine/random.ts'

/** A point in the plane with its answer: the number of its class, or the value to predict. */
export interface Point {
  readonly x: number
  readonly y: number
  readonly group: number
}

/** Makes the points of a problem; the same seed makes the same points. */
export type Generator = (seed: number, rows: number) => Point[]

function points(seed: number, rows: number, make: (random: Random, row: number) => Point): Point[] {
  const random = new Random(seed)
  return Array.from({ length: rows }, (_, row) => make(random, row))
}

/** Exclusive or: the class is whether both signs differ. No line parts it. */
export const xor: Generator = (seed, rows) =>
  points(seed, rows, (random) => {
    const coordinate = () => (random.below(2) === 0 ? -1 : 1) * (0.1 + 0.9 * random.uniform())
    const [x, y] = [coordinate(), coordinate()]
    return { x, y, group: x * y > 0 ? 0 : 1 }
  })

/** Two clouds side by side, which a line parts but for a few points. */
export const clouds: Generator = (seed, rows) =>
  points(seed, rows, (random, row) => {
    const group = row % 2
    const centre = group === 0 ? -1.5 : 1.5
    return { x: centre + random.normal(), y: centre + random.normal(), group }
  })

/** A ring around a disc. */
export const circles: Generator = (seed, rows) =>
  points(seed, rows, (random, row) => {
    const group = row % 2
    const radius = (group === 0 ? 0.5 : 1.1) + 0.12 * random.normal()
    const angle = 2 * Math.PI * random.uniform()
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), group }
  })

/** Two half moons that reach into each other. */
export const moons: Generator = (seed, rows) =>
  points(seed, rows, (random, row) => {
    const group = row % 2
    const angle = Math.PI * random.uniform()
    const [x, y] = group === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)]
    return { x: x + 0.12 * random.normal(), y: y + 0.12 * random.normal(), group }
  })

/** Two spirals that wind one and three quarter times around each other. */
export const spirals: Generator = (seed, rows) =>
  points(seed, rows, (random, row) => {
    const group = row % 2
    const turn = Math.sqrt(random.uniform())
    const angle = 3.5 * Math.PI * turn + group * Math.PI
    const [x, y] = [turn * Math.cos(angle), turn * Math.sin(angle)]
    return { x: x + 0.02 * random.normal(), y: y + 0.02 * random.normal(), group }
  })

/** A sine with noise; the answer is y itself. */
export const sine: Generator = (seed, rows) =>
  points(seed, rows, (random) => {
    const x = 2 * Math.PI * (2 * random.uniform() - 1)
    return { x, y: Math.sin(x) + 0.15 * random.normal(), group: 0 }
  })
