/** The exports of the kernel module. Pure functions of pointers: no static data, no heap, no globals. */
export { measure, predict } from './evaluation'
export { resumeSteps } from './optimizer'
export { spinMultiplyAdds } from './peak'
export { assist, lead, train } from './training'
export { transposeAll } from './update'
