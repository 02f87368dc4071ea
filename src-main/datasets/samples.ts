/** The sample data sets: none is bundled yet. */
import type { Sample } from '#contract/datasets.ts'
import { LabError } from '#contract/errors.ts'
import type { NamedFile } from '#lab/datasets/import/idx-source.ts'

export const samples: Sample[] = []

/** Errors: throws LabError 'not_found' for a sample that is not bundled. */
export function materialiseSample(id: string, _seed: number): Promise<NamedFile> {
  return Promise.reject(new LabError('not_found', `There is no sample "${id}".`))
}
