/** Loaded into a process that is measured: tells its parent, when asked, the longest its event loop stood still since. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Every millisecond; what is measured is how much later than that it comes. */
const resolution = 1
const delays = monitorEventLoopDelay({ resolution })
delays.enable()
process.on('message', () => {
  process.send?.(delays.max / 1e6 - resolution)
  delays.reset()
})
// Listening to the parent is no reason to go on living.
process.channel?.unref()
