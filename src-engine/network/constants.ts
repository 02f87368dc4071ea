/**
 * Numbers of formulas that are written in several languages here. The kernels (AssemblyScript) read this file as well, so
 * it holds plain constants alone.
 */

/** What keeps mean 0 and variance 1 a fixed point of SELU. Source: Klambauer et al. 2017, section 2. */
export const SELU_SCALE = 1.0507009873554805
export const SELU_ALPHA = 1.6732632423543772

/** The slope of leaky ReLU below 0 where a layer gives none. Source: Maas, Hannun & Ng 2013. */
export const LEAKY_SLOPE = 0.01

/** Added to a variance before its root is divided by: the constant of PyTorch's BatchNorm1d and LayerNorm. */
export const NORMALISATION_EPSILON = 1e-5
