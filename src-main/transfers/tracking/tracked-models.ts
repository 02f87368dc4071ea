/**
 * The ONNX models of runs that go to a tracking folder, each proved before it is handed out, as any export. A network that
 * ONNX can't express, or a file that does not predict what the lab predicts, is left out with its reason: the figures of
 * its run go all the same.
 */
import { createReadStream, type ReadStream } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '#contract/errors.ts'
import { makeTemporary } from '#lab/datasets/temporary.ts'
import { formats } from '#lab/models/formats.ts'
import { gatherModel, type GatherOptions } from '#lab/models/gather-model.ts'
import { type ProofOptions, prove } from '#lab/models/prove.ts'

/** The model of a run, or why there is none; null where a run has no weights to make one of. */
export type TrackedModel = { readonly content: () => ReadStream } | { readonly leftOut: string } | null

export class TrackedModels {
  readonly #options: GatherOptions & ProofOptions
  /** Runs by why their models are left out. */
  readonly #leftOut = new Map<string, number[]>()
  #folder: string | null = null

  constructor(options: GatherOptions & ProofOptions) {
    this.#options = options
  }

  /** A sentence for each reason why models are left out, with their runs. */
  get leftOut(): string[] {
    return [...this.#leftOut].map(([reason, [first, ...others]]) =>
      others.length === 0 ? `Run ${first}: ${reason}` : `Run ${first} and ${others.length} more: ${reason}`
    )
  }

  /** Writes and proves the model of a run; its content is there until the next one is asked for. */
  async of(runId: number): Promise<TrackedModel> {
    this.#folder ??= await makeTemporary()
    const path = join(this.#folder, 'model.onnx')
    try {
      const gathered = await gatherModel(this.#options, runId, 'best')
      await writeFile(path, formats.onnx.write(gathered.model))
      await prove(this.#options, gathered, 'onnx', path)
      return { content: () => createReadStream(path) }
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      if (error.code === 'conflict') return null
      if (error.code !== 'bad_settings' && error.code !== 'internal') throw error
      this.#leftOut.set(error.message, [...(this.#leftOut.get(error.message) ?? []), runId])
      return { leftOut: error.message }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true })
  }
}
