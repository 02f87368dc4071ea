/**
 * An ONNX file with its preparation inside that this lab wrote: the network in it begins where its preparation ends. Older
 * versions did not name that place; it is what the first product of matrices reads.
 */
import type { ReadModel, ReadNode } from '#lab/models/onnx/decode.ts'
import { metadataKeys, producer } from '#lab/models/onnx/graph.ts'

export interface OwnNetwork {
  /** The tensor with the prepared inputs. */
  readonly tensor: string
  /** Their names, where the file has them; else one for all. */
  readonly inputs: readonly string[]
}

/** Null for a file of others, and for a bare network, which needs nothing of this. */
export function ownNetwork(
  { producer: by, metadata, inputs }: ReadModel,
  nodes: readonly ReadNode[]
): OwnNetwork | null {
  const named = metadata.get(metadataKeys.networkInput)
  if (by !== producer || (named === undefined && inputs.has('inputs'))) return null
  const tensor = named ?? nodes.find(({ op }) => op === 'Gemm' || op === 'MatMul')?.inputs[0] ?? null
  if (tensor === null || inputs.has(tensor)) return null
  return { tensor, inputs: namesIn(metadata.get(metadataKeys.inputs)) ?? [tensor] }
}

function namesIn(json: string | undefined): string[] | null {
  try {
    const names: unknown = JSON.parse(json ?? 'null')
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null
  } catch {
    return null
  }
}
