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
    // Robust scaling told classes better apart on most of the tables; numbers were better predicted from standardised ones.
    ...(!isImage && { smoothClip: true as const, ...(task === 'classification' && { scaling: 'robust' as const }) }),
    ...(task === 'regression' && { limits: true as const })
  }
}
