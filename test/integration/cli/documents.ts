/** Holds what commands print with --json to the published schemas, whichever test it is that runs them. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { type DocumentName, documentNames, jsonSchemaOf } from '#lab/documents/schemas.ts'

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, validateFormats: false })
const validators = new Map<DocumentName, ValidateFunction>()

/** The checker of a command's document, made of what `lab schema` prints. */
export function validatorOf(name: DocumentName): ValidateFunction {
  const validator = validators.get(name) ?? ajv.compile(jsonSchemaOf(name, 'test'))
  validators.set(name, validator)
  return validator
}

/** Throws with the paths where the document of a command line is not as its schema says; without --json, does nothing. */
export function holdToSchema(args: readonly string[], stdout: string): void {
  if (!args.includes('--json') || stdout === '' || args[0] === 'schema') return
  const name = documentNames.find((each) => each.split(' ').every((word, place) => args[place] === word))
  if (!name) throw new Error(`The document of this command line has no schema: ${args.join(' ')}`)
  const validate = validatorOf(name)
  if (validate(JSON.parse(stdout))) return
  const problems = validate.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`
  )
  throw new Error(`The document of "lab ${args.join(' ')}" is not as its schema says: ${problems?.join('; ')}`)
}
