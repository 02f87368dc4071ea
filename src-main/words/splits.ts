/** How rows are parted, in words: the same in window, report, card and terminal. */
import type { Split } from '#contract/experiments.ts'

/** Writes the split as a phrase for a sentence or a cell, such as `60/20/20 percent at random (seed 1)`. */
export function describeSplit(split: Split): string {
  const stratified = split.stratified ? ', every class in equal shares' : ''
  const seed = `seed ${split.seed}${stratified}`
  switch (split.kind) {
    case 'fractions':
      return `${sharesOf(split)} percent at random (${seed}${split.together ? ', identical rows in one part' : ''})`
    case 'groups':
      return `${sharesOf(split)} percent in whole groups of "${split.column}", drawn at random (${seed})`
    case 'order': {
      const by = split.column === null ? 'as they stand in the table' : `in the order of "${split.column}"`
      return `${sharesOf(split)} percent ${by}: training on the first rows, the test on the last`
    }
    case 'column':
      return `by the column "${split.column}" (${seed})`
  }
}

/** Names the split in a few words, such as `60/20/20 by patient`. */
export function nameSplit(split: Split): string {
  const stratified = split.stratified ? ', stratified' : ''
  switch (split.kind) {
    case 'fractions':
      return `${sharesOf(split)}${stratified}, seed ${split.seed}`
    case 'groups':
      return `${sharesOf(split)} by ${split.column}${stratified}, seed ${split.seed}`
    case 'order':
      return `${sharesOf(split)} in order${split.column === null ? '' : ` of ${split.column}`}`
    case 'column':
      return `by ${split.column}${stratified}, seed ${split.seed}`
  }
}

function sharesOf({ train, validation, test }: Exclude<Split, { kind: 'column' }>): string {
  return `${train}/${validation}/${test}`
}
