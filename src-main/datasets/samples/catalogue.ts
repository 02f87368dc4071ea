/** The samples that come with the app: tables in resources/datasets, and problems made by generators. */
import type { Sample } from '#contract/datasets.ts'
import * as generators from '#lab/datasets/samples/generators.ts'

type Facts = Omit<Sample, 'plot' | 'generated'>

/** A table that ships; its card shows two of its columns. */
export interface TableSample extends Facts {
  readonly kind: 'table'
  readonly axes: readonly [x: string, y: string]
}

/** A problem made from a seed. A classification has the columns x1, x2 and class; a regression x and y. */
export interface GeneratedSample extends Facts {
  readonly kind: 'generated'
  readonly make: generators.Generator
  /** Names of the classes; null for a regression. */
  readonly classes: readonly [string, string] | null
}

const scikitLearn = 'from scikit-learn, BSD-3-Clause'
const madeHere = 'Made from a seed by this program'

function classes(
  id: string,
  name: string,
  teaches: string,
  make: generators.Generator,
  names: readonly [string, string],
  rows: number
): GeneratedSample {
  const facts = { id, name, teaches, rows, columns: 3, source: madeHere }
  return { ...facts, kind: 'generated', task: 'classification', target: 'class', make, classes: names }
}

export const catalogue: readonly (TableSample | GeneratedSample)[] = [
  {
    kind: 'table',
    id: 'breast_cancer',
    name: 'Breast cancer',
    teaches: 'Two classes from 30 measurements: does a hidden layer beat a plain line here?',
    task: 'classification',
    rows: 569,
    columns: 31,
    target: 'diagnosis',
    source: `Wolberg, Street and Mangasarian, ${scikitLearn}`,
    axes: ['worst radius', 'worst concave points']
  },
  {
    kind: 'table',
    id: 'iris',
    name: 'Iris',
    teaches: 'Three species from four lengths: one is easy to part, two are not.',
    task: 'classification',
    rows: 150,
    columns: 5,
    target: 'species',
    source: `Fisher 1936, ${scikitLearn}`,
    axes: ['petal length (cm)', 'petal width (cm)']
  },
  {
    kind: 'table',
    id: 'penguins',
    name: 'Penguins',
    teaches: 'Missing values and categories: what preparation does to a table.',
    task: 'classification',
    rows: 344,
    columns: 8,
    target: 'species',
    source: 'Horst, Hill and Gorman 2020, palmerpenguins, CC0',
    axes: ['bill_length_mm', 'flipper_length_mm']
  },
  {
    kind: 'table',
    id: 'digits_8x8',
    name: 'Handwritten digits',
    teaches: 'Ten classes from small images: how many units are enough?',
    task: 'classification',
    rows: 1797,
    columns: 65,
    target: 'digit',
    source: `Alpaydin and Kaynak 1998, ${scikitLearn}`,
    axes: ['pixel_5_2', 'pixel_2_5']
  },
  {
    kind: 'table',
    id: 'ames_housing',
    name: 'Ames housing',
    teaches: 'A price from 73 mixed columns: regression, rare categories, and overfitting.',
    task: 'regression',
    rows: 2930,
    columns: 74,
    target: 'Sale_Price',
    source: 'De Cock 2011, from modeldata, MIT',
    axes: ['Gr_Liv_Area', 'Sale_Price']
  },
  {
    kind: 'generated',
    id: 'sine',
    name: 'Noisy sine',
    teaches: 'A curve from one input: see a network bend, and overfit the noise.',
    task: 'regression',
    rows: 400,
    columns: 2,
    target: 'y',
    source: madeHere,
    make: generators.sine,
    classes: null
  },
  classes('xor', 'XOR', 'No line parts it: why a hidden layer is needed.', generators.xor, ['same', 'different'], 400),
  classes(
    'clouds',
    'Two clouds',
    'One unit is enough, and some error stays.',
    generators.clouds,
    ['left', 'right'],
    400
  ),
  classes('circles', 'Circles', 'Three hidden units can fence in a disc.', generators.circles, ['inner', 'outer'], 500),
  classes('moons', 'Moons', 'A bent border between two shapes.', generators.moons, ['upper', 'lower'], 500),
  classes(
    'spirals',
    'Spirals',
    'The hard one: depth and width both matter.',
    generators.spirals,
    ['first', 'second'],
    800
  )
]
