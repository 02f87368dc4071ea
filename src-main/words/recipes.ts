/** What a recipe asks of the preparation, beside its plan (training/recipes.ts of the engine). */
import type { RecipeName } from '#engine/training/recipes.ts'
import type { ExperimentSettings, Preparation } from '#contract/experiments.ts'

/** The preparation of a recipe; pixels, which share one range, stay as they were proposed. */
export function preparationOf(
  recipe: RecipeName,
  { preparation, task }: Pick<ExperimentSettings, 'preparation' | 'task'>
): Preparation {
  if (recipe === 'classic') return preparation
  const isImage = preparation.scaling === 'minmax'
  return {
    ...preparation,
    // Standardised ones did as well as robust ones on most of the tables, and better on Boston's housing.
    ...(!isImage && { smoothClip: true as const }),
    ...(task === 'regression' && { limits: true as const })
  }
}
