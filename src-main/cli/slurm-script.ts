/** The batch script with which Slurm runs workers on a folder of units; PBS and HTCondor take the same command. */
import { join } from 'node:path'

/** Workers of an array: enough for any cluster, and no more than there are units. */
const mostWorkers = 100

/** Gives the script for so many units. */
export function slurmScript(root: string, folder: string, units: number): string {
  const workers = Math.max(1, Math.min(mostWorkers, units))
  return [
    '#!/bin/sh',
    '#SBATCH --job-name=topology-lab',
    `#SBATCH --array=0-${workers - 1}`,
    '#SBATCH --cpus-per-task=1',
    `#SBATCH --output=${join(folder, 'slurm-%A-%a.log')}`,
    '# A worker that is killed is made good for: run the script again, and it goes on with what is left.',
    `exec node ${quoted(join(root, 'src-main', 'launch', 'lab.mjs'))} work ${quoted(folder)} --cores "\${SLURM_CPUS_PER_TASK:-1}" \\`,
    `  --array-index "$SLURM_ARRAY_TASK_ID" --array-count ${workers}`,
    ''
  ].join('\n')
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
