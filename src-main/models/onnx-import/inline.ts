/**
 * Makes one list of operators of a model: functions that the file defines are replaced by what they are made of, and the
 * nodes come in an order in which each follows what it reads.
 * Source: docs/IR.md of github.com/onnx/onnx, "Functions".
 */
import type { ReadFunction, ReadModel, ReadNode } from '#lab/models/onnx/decode.ts'

/** More is no network for a table; functions that call each other could make any number of a few bytes. */
const mostNodes = 20_000
const deepest = 32

/** Gives the nodes. Errors: throws RangeError for functions without end, and for nodes that wait for each other. */
export function inlineFunctions(model: ReadModel): ReadNode[] {
  const functions = new Map(model.functions.map((each) => [`${each.domain} ${each.name}`, each]))
  const nodes: ReadNode[] = []
  let calls = 0
  const add = (node: ReadNode, depth: number): void => {
    const called = functions.get(`${node.domain} ${node.op}`)
    if (nodes.length > mostNodes || depth > deepest)
      throw new RangeError('It has too many operators for a network here.')
    if (!called) nodes.push(node)
    else for (const inner of bodyOf(called, node, ++calls)) add(inner, depth + 1)
  }
  model.nodes.forEach((node) => add(node, 0))
  return inOrder(nodes, model)
}

/** The nodes of a function as they stand where it is called: with the caller's tensors and attributes. */
function bodyOf(called: ReadFunction, caller: ReadNode, call: number): ReadNode[] {
  const names = new Map<string, string>()
  called.inputs.forEach((name, index) => names.set(name, caller.inputs[index] ?? ''))
  called.outputs.forEach((name, index) => names.set(name, caller.outputs[index] ?? `${name} of call ${call}`))
  const rename = (name: string) => (name === '' ? '' : (names.get(name) ?? `${name} of call ${call}`))
  return called.nodes.map((node) => {
    const given = Object.entries(node.references)
    const pick = <Value>(values: Readonly<Record<string, Value>>) =>
      given.flatMap(([name, reference]) => (reference in values ? [[name, values[reference] as Value] as const] : []))
    return {
      ...node,
      inputs: node.inputs.map(rename),
      output: rename(node.output),
      outputs: node.outputs.map(rename),
      attributes: { ...node.attributes, ...Object.fromEntries(pick(caller.attributes)) },
      tensors: { ...node.tensors, ...Object.fromEntries(pick(caller.tensors)) },
      references: Object.fromEntries(
        given.flatMap(([name, reference]) => {
          const outer = caller.references[reference]
          return outer === undefined ? [] : [[name, outer]]
        })
      )
    }
  })
}

/** Some writers list nodes in another order than they are computed in. */
function inOrder(nodes: readonly ReadNode[], model: ReadModel): ReadNode[] {
  const known = new Set([...model.inputs.keys(), ...model.constants.map(({ name }) => name)])
  const readers = new Map<string, number[]>()
  const missing = nodes.map((node, index) => {
    const waits = new Set(node.inputs.filter((name) => name !== '' && !known.has(name)))
    for (const name of waits) readers.set(name, [...(readers.get(name) ?? []), index])
    return waits.size
  })
  const ready = nodes.flatMap((_, index) => (missing[index] === 0 ? [index] : []))
  const ordered: ReadNode[] = []
  // The list grows while it is walked.
  for (const index of ready) {
    const node = nodes[index]
    if (!node) continue
    ordered.push(node)
    for (const name of node.outputs) {
      for (const reader of readers.get(name) ?? []) if (--(missing[reader] as number) === 0) ready.push(reader)
      readers.delete(name)
    }
  }
  if (ordered.length < nodes.length) throw new RangeError('Some of its operators read what none computes.')
  return ordered
}
