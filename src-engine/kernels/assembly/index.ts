// The exports of the kernel module, one file an operation.
export function placeholder(): i32 {
  return 1
}
