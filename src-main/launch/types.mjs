/** `npm run check:types`: checks each environment with its own tsconfig, two at a time. */
import { packageBin, runNode } from './setup.mjs'

const tsc = packageBin('typescript', 'tsc')
const svelteCheck = packageBin('svelte-check')
const checks = [
  [svelteCheck, '--tsconfig', 'src-renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ...['test', 'src-main', 'src-main/desktop', 'src-main/contract', 'src-engine/process', 'src-engine', '.'].map(
    (folder) => [tsc, '-p', folder]
  )
]

let failed = false
const worker = async () => {
  for (let check = checks.shift(); check; check = checks.shift()) if ((await runNode(check)) !== 0) failed = true
}
await Promise.all([worker(), worker()])
process.exit(failed ? 1 : 0)
