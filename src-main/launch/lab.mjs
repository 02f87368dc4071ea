#!/usr/bin/env node
/** `npm run -s lab -- ...` and the `topology-lab` command: the lab from a terminal. */
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, root, runNode } from './setup.mjs'

await ensureInstalled()
await ensureBuilt()
process.exit(
  await runNode([join(root, 'out', 'main', 'cli.js'), ...process.argv.slice(2)], { forward: true, cwd: process.cwd() })
)
