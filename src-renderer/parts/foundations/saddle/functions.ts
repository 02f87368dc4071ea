/** The functions of two numbers that one descends, each with its gradient and curvature. Pure. */
import type { Domain } from '#renderer/parts/foundations/plane.ts'

export interface Landscape {
  readonly label: string
  readonly tex: string
  readonly value: (x: number, y: number) => number
  readonly gradient: (x: number, y: number) => readonly [number, number]
  /** The second derivatives by xx, xy, yy. */
  readonly curvature: (x: number, y: number) => readonly [number, number, number]
  readonly domain: Domain
  readonly levels: readonly number[]
  /** A rate with which plain descent gets on. */
  readonly rate: number
  readonly start: readonly [number, number]
  readonly surface: readonly [bottom: number, top: number]
  /** Where the gradient is shorter, it counts as zero. */
  readonly flat?: number
}

const steps = (low: number, high: number, count: number) =>
  Array.from({ length: count }, (_, index) => low + ((high - low) * index) / (count - 1))

export const landscapes = {
  saddle: {
    label: 'Saddle',
    tex: 'f(x_1, x_2) = x_1^2 - x_2^2',
    value: (x, y) => x * x - y * y,
    gradient: (x, y) => [2 * x, -2 * y],
    curvature: () => [2, 0, -2],
    domain: [-2, 2],
    levels: steps(-3.5, 3.5, 15),
    rate: 0.05,
    start: [1.6, 0],
    surface: [-4, 4]
  },
  double_well: {
    label: 'Double well',
    tex: 'f(x_1, x_2) = (x_1^2 - 1)^2 + 0.3\\,x_1 + x_2^2',
    value: (x, y) => (x * x - 1) ** 2 + 0.3 * x + y * y,
    gradient: (x, y) => [4 * x * (x * x - 1) + 0.3, 2 * y],
    curvature: (x) => [12 * x * x - 4, 0, 2],
    domain: [-2, 2],
    levels: [-0.28, -0.2, 0, 0.2, 0.4, 0.7, 1, 1.6, 2.5, 4, 6.5],
    rate: 0.05,
    start: [1.7, 1.2],
    surface: [-0.4, 5]
  },
  himmelblau: {
    label: 'Himmelblau',
    tex: 'f(x_1, x_2) = (x_1^2 + x_2 - 11)^2 + (x_1 + x_2^2 - 7)^2',
    value: (x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    gradient: (x, y) => {
      const [a, b] = [x * x + y - 11, x + y * y - 7]
      return [4 * x * a + 2 * b, 2 * a + 4 * y * b]
    },
    curvature: (x, y) => [12 * x * x + 4 * y - 42, 4 * x + 4 * y, 12 * y * y + 4 * x - 26],
    domain: [-5, 5],
    levels: [2, 10, 25, 50, 80, 120, 170, 230, 320],
    rate: 0.005,
    start: [0, 0],
    surface: [0, 350]
  }
} as const satisfies Record<string, Landscape>

export type LandscapeName = keyof typeof landscapes
export const landscapeNames = Object.keys(landscapes) as [LandscapeName, ...LandscapeName[]]

/** Before a run's slice has come: flat ground. */
export const emptyGround: Landscape = {
  label: 'Loss of a run',
  tex: 'L(\\theta^* + x_1 d_1 + x_2 d_2)',
  value: () => 0,
  gradient: () => [0, 0],
  curvature: () => [0, 0, 0],
  domain: [-1, 1],
  levels: [],
  rate: 0,
  start: [0, 0],
  surface: [0, 1]
}

export type PlaceKind = 'slope' | 'minimum' | 'maximum' | 'saddle' | 'flat'

/** What a place is: where the gradient is not 0 a slope, else by the signs of both curvatures. */
export function kindOf(landscape: Pick<Landscape, 'gradient' | 'curvature' | 'flat'>, x: number, y: number): PlaceKind {
  const { flat = 1e-3 } = landscape
  const [gx, gy] = landscape.gradient(x, y)
  if (Math.hypot(gx, gy) > flat) return 'slope'
  const [low, high] = curvatures(landscape, x, y)
  if (low > 1e-6) return 'minimum'
  if (high < -1e-6) return 'maximum'
  return low < -1e-6 && high > 1e-6 ? 'saddle' : 'flat'
}

/** The least and the largest curvature: the eigenvalues of the second derivatives. */
export function curvatures({ curvature }: Pick<Landscape, 'curvature'>, x: number, y: number): [number, number] {
  const [a, b, c] = curvature(x, y)
  const [middle, spread] = [(a + c) / 2, Math.hypot((a - c) / 2, b)]
  return [middle - spread, middle + spread]
}
