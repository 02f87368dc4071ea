/** Small tables for the CLI's tests, the same with each call. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Two classes that a line tells apart, but for a few rows: 240 rows of two numbers and a colour that says nothing. */
export function writeClasses(folder: string, name = 'clouds.csv'): string {
  const colours = ['red', 'green', 'blue']
  const rows = Array.from({ length: 240 }, (_, row) => {
    const [x, y] = [wave(row, 1.7), wave(row, 2.9)]
    const side = x + y + 0.2 * wave(row, 5.3) > 0 ? 'above' : 'below'
    return `${x.toFixed(4)},${y.toFixed(4)},${colours[row % 3]},${side}`
  })
  return write(folder, name, ['x,y,colour,side', ...rows])
}

/** A number that follows from two others, with a little noise: 240 rows. */
export function writeNumbers(folder: string, name = 'slope.csv'): string {
  const rows = Array.from({ length: 240 }, (_, row) => {
    const [x, y] = [wave(row, 1.7), wave(row, 2.9)]
    return `${x.toFixed(4)},${y.toFixed(4)},${(100 + 30 * x - 20 * y + wave(row, 7.1)).toFixed(3)}`
  })
  return write(folder, name, ['x,y,price', ...rows])
}

/** Writes lines as a file and gives its path. */
export function write(folder: string, name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** Numbers from -1 to 1 without an order that shows. */
function wave(row: number, step: number): number {
  return Math.sin(step * row * row + step)
}
