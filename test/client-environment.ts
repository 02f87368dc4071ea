/**
 * Node, with code transformed as for a page: reactive modules are what the window runs. Vitest's own `node` would compile
 * them for rendering on a server, where nothing is kept and no scope ever ends.
 */
import type { Environment } from 'vitest/runtime'

export default {
  name: 'client',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined })
} satisfies Environment
