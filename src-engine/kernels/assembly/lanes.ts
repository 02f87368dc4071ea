/** Reductions over the lanes of a vector, and the masks that keep padded columns out of them. */

/** Adds the four lanes. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  v = f32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(f32x4.add(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2)), 0)
}

/** Finds the largest lane; NaN where one lane is NaN. */
// @ts-ignore: decorator
@inline
export function maxLanes(v: v128): f32 {
  v = f32x4.max(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1))
  return f32x4.extract_lane(f32x4.max(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2)), 0)
}

/** All bits set in the lanes that hold columns from `column` on which are below `units`. */
// @ts-ignore: decorator
@inline
export function columnsBelow(column: i32, units: i32): v128 {
  return i32x4.lt_s(i32x4.add(i32x4.splat(column), i32x4(0, 1, 2, 3)), i32x4.splat(units))
}

/** 1 in the lane of column `wanted`, 0 elsewhere, for the four columns from `column` on. */
// @ts-ignore: decorator
@inline
export function oneHot(column: i32, wanted: i32): v128 {
  return v128.and(i32x4.eq(i32x4.add(i32x4.splat(column), i32x4(0, 1, 2, 3)), i32x4.splat(wanted)), f32x4.splat(1))
}
