#!/usr/bin/env node
/** `npm run -s lab -- ...` and the `topology-lab` command: the lab from a terminal. */
import { ensureBuilt, ensureInstalled, runCli } from './setup.mjs'

await ensureInstalled()
await ensureBuilt()
await runCli(process.argv.slice(2))
