/** The exports of the kernel module. Pure functions of pointers: no static data, no heap, no globals. */
export { measure, predict } from './evaluation'
export { transposeAll } from './network'
export { train } from './training'
