/** How much worse one topology is than another over the folds of a cross-validation, whose training rows overlap. Pure. */
import type { Belief } from '#lab/selection/belief.ts'
import { deviation, mean } from '#trials/statistics.ts'

/**
 * The posterior of the mean difference, from the differences of the folds.
 * Method: differences of k folds are correlated by 1/k, as large as the share of the rows that judge; then the posterior is
 * a Student's t with k - 1 degrees of freedom around their mean, with the scale s sqrt(1/k + 1/(k - 1)). It is the
 * corrected t-test of Nadeau & Bengio 2003 (Machine Learning 52), read as a belief.
 * Source: Corani & Benavoli 2015 (Machine Learning 100), Benavoli et al. 2017 (JMLR 18), section 3.1, equation 8.
 * Units: `leastVariance` is what the variance of the mean is at least: folds that happen to agree are no proof.
 */
export function correlatedDifference(differences: readonly number[], leastVariance = 0): Belief {
  const folds = differences.length
  const variance = deviation(differences) ** 2 * (1 / folds + 1 / (folds - 1))
  return { centre: mean(differences), error: Math.sqrt(Math.max(variance, leastVariance)), degrees: folds - 1 }
}
