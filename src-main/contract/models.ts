/** Networks that were trained elsewhere, taken over as runs. */
import { z } from 'zod'
import { fileSource } from '#contract/datasets.ts'
import { changing } from '#contract/procedure.ts'
import { mostMembers, run } from '#contract/runs.ts'

export const models = {
  /**
   * Averages the best weights' outputs of runs of one experiment as a finished run of its own, which shows, tests,
   * predicts and exports as they do. Refused where the runs do not judge by the same rows.
   */
  ensemble: changing
    .input(
      z.object({
        runIds: z.array(z.number().int()).min(1).max(mostMembers),
        calibrate: z
          .boolean()
          .default(false)
          .describe('Fits a temperature of the averaged probabilities on the validation part; one run is enough then')
      })
    )
    .output(run),
  /**
   * Takes an ONNX file of dense layers over as a finished run of an experiment, measured on its training and validation
   * part. It has no curve. Refused with the name of the operator where it is no feedforward network.
   */
  import: changing
    .input(
      z.object({
        experimentId: z.number().int(),
        file: fileSource,
        companions: z
          .array(fileSource)
          .max(20)
          .default([])
          .describe('Files with its weights, where the model keeps them in others and they do not lie beside it'),
        output: z.string().min(1).optional().describe('The output to take, where several are networks'),
        inputs: z
          .enum(['auto', 'prepared', 'raw'])
          .default('auto')
          .describe(
            'What its numbers are: prepared as the experiment does, or raw; auto takes what fits the training part better'
          )
      })
    )
    .output(run)
}
