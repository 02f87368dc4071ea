/**
 * Vectors and matrices as plain arrays: the few operations that the references are written in.
 * A matrix is a list of rows; nothing here changes its arguments.
 */

export type Vector = readonly number[]
export type Matrix = readonly Vector[]

/** Reads one element. Errors: throws RangeError where there is none: shapes that do not fit must not become NaN. */
export function at(vector: Vector, index: number): number {
  const value = vector[index]
  if (value === undefined) throw new RangeError(`There is no element ${index} in a vector of ${vector.length}.`)
  return value
}

/** Combines two vectors of one length, element by element. Errors: throws RangeError where the lengths differ. */
export function zip(a: Vector, b: Vector, combine: (a: number, b: number) => number): number[] {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} elements do not fit.`)
  return a.map((value, index) => combine(value, at(b, index)))
}

/** Combines two matrices of one shape, element by element. Errors: throws RangeError where the shapes differ. */
export function zipRows(a: Matrix, b: Matrix, combine: (a: number, b: number) => number): number[][] {
  if (a.length !== b.length) throw new RangeError(`Matrices of ${a.length} and ${b.length} rows do not fit.`)
  return a.map((row, index) => zip(row, b[index] ?? [], combine))
}

/** Applies a function to every element. */
export function mapRows(a: Matrix, apply: (value: number) => number): number[][] {
  return a.map((row) => row.map(apply))
}

export function sum(vector: Vector): number {
  return vector.reduce((total, value) => total + value, 0)
}

export function mean(vector: Vector): number {
  return sum(vector) / vector.length
}

export function dot(a: Vector, b: Vector): number {
  return sum(zip(a, b, (x, y) => x * y))
}

/** The Euclidean length of a vector. */
export function norm(vector: Vector): number {
  return Math.sqrt(dot(vector, vector))
}

/** The column of a matrix, as a vector of its rows. */
export function column(a: Matrix, index: number): number[] {
  return a.map((row) => at(row, index))
}

/** Shapes: a (R,C) becomes (C,R). */
export function transpose(a: Matrix): number[][] {
  return (a[0] ?? []).map((_, index) => column(a, index))
}

/** Shapes: a (R,N) times b (N,C) is (R,C). */
export function multiply(a: Matrix, b: Matrix): number[][] {
  const columns = transpose(b)
  return a.map((row) => columns.map((other) => dot(row, other)))
}

/** Adds up the rows. Shapes: a (R,C) becomes (C). */
export function columnSums(a: Matrix): number[] {
  return transpose(a).map(sum)
}

/** The index of the largest element; the first of several. */
export function indexOfLargest(vector: Vector): number {
  return vector.indexOf(Math.max(...vector))
}
