/**
 * Lint rules. The layer rules are the table of imports in README.md, "Layout"; .dependency-cruiser.cjs checks the
 * same table over reachability. Every file of the three src folders is under them; the kernels, which are AssemblyScript,
 * are under no other rule, as none knows their language.
 */
import js from '@eslint/js'
import globals from 'globals'
import ts from 'typescript-eslint'
import engineRooms from './src-engine/rooms.json' with { type: 'json' }
import rooms from './src-main/rooms.json' with { type: 'json' }
import svelteConfig from './src-renderer/svelte.config.js'

// TypeScript reads a component's script as the linter does, so that linting a component changes no file of the program:
// else each of them costs all types anew, two thirds of the time. A component that is imported has its own types then.
// The parser asks for this when it is loaded.
process.env['SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK'] = '1'
const { default: svelte } = await import('eslint-plugin-svelte')

const pureEngine =
  '(?!(problem|setting|kernels/reference/activations|network/(topology|topology-text|layer-settings|activations|losses|initialisations)|training/(plan|check-plan|plan-settings|plan-values|settings|varied|optimizers|schedules|recipes|metrics|epoch-columns|rate-range))\\.ts$)'
/** What Foundations explains with: the historical units, the computation graph, float64 references. Plain TypeScript, no WebAssembly. */
const teachingEngine = pureEngine.replace('(?!(', '(?!(random|units/[a-z-]+|graph/[a-z-]+|kernels/reference/[a-z-]+|')
/** AssemblyScript. */
const assembly = 'src-engine/kernels/assembly/**/*.ts'
const outside = '^\\.\\./\\.\\./'
const duckdb = '^@duckdb/'
const sqlite = '^better-sqlite3$'
const electron = '^electron(/|$)'
const renderer = '^#renderer/'

/** Packages that one room alone knows. */
const owners = {
  electron: 'desktop',
  '@duckdb': 'datasets',
  'better-sqlite3': 'store',
  ws: 'web',
  '@modelcontextprotocol/sdk/server/mcp': 'agents'
}

/** What a room of src-main may import: itself, the rooms that rooms.json names, and the packages that are its own. */
function roomLayer(room, may) {
  const foreign = Object.entries(owners)
    .filter(([, owner]) => owner !== room)
    .map(([name]) => `^${name}(/|$)`)
  const allowed = [room, ...may].map((name) => (name.endsWith('.ts') ? `${name.replace('.', '\\.')}$` : `${name}/`))
  return layer(
    [`src-main/${room}/**/*.ts`],
    [...foreign, `^#lab/(?!${allowed.join('|')})`, renderer],
    `${room}/ may import ${may.join(', ')} (src-main/rooms.json); SQLite, DuckDB, ws and Electron have a room each.`
  )
}

/**
 * What a room of the engine may import: itself, what src-engine/rooms.json names, and what stands beside the rooms; with
 * process/ alone threads.
 */
function engineLayer(room, may) {
  const files = [room, ...may].map((name) => (name.endsWith('.ts') ? name.replace('.', '\\.') : `${name}/[^/]+`))
  const own = `#engine/(${[...files, '[^/]+'].join('|')})$`
  return layer(
    [`src-engine/${room}/*.ts`],
    [`^(?!${own}${room === 'process' ? '|node:worker_threads$' : ''}|\\./|\\.\\./)`],
    `${room}/ of the engine imports ${may.join(', ') || 'no other room'} (src-engine/rooms.json), and nothing outside it.`
  )
}

/** The kernels import each other, and the constants that they share with the rest of the engine. */
const assemblyLayer = {
  files: [assembly],
  languageOptions: { parser: ts.parser, parserOptions: { projectService: false, allowInvalidAST: true } },
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(?!\\./|\\.\\./\\.\\./network/constants$)',
            message: 'The kernels import each other and network/constants: all else is not their language.'
          }
        ]
      }
    ]
  }
}

/** A layer rule: files of `files` may not import what one of `patterns` matches; reaching out by ../../ is always wrong. */
function layer(files, patterns, message, ignores = []) {
  const regex = [...patterns, outside].join('|')
  return { files, ignores, rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] } }
}

export default ts.config(
  {
    ignores: ['out/', 'release/', 'node_modules/', 'test-results/', '**/*.cjs', 'test/fixtures/']
  },
  {
    ignores: [assembly],
    extends: [js.configs.recommended, ts.configs.recommendedTypeChecked, svelte.configs.recommended],
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.js', 'src-renderer/*.js', 'src-main/launch/*.mjs'],
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 20
        },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte']
      }
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use random.ts with a seed.' }
      ],
      eqeqeq: 'error'
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      'no-undef': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      // Large state is replaced as a whole ($state.raw); the maps in it are never changed, so they need no tracking.
      'svelte/prefer-svelte-reactivity': 'off'
    }
  },
  { files: ['**/*.svelte.ts'], languageOptions: { parser: ts.parser } },
  { files: ['**/*.ts'], rules: { 'no-undef': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], extends: [ts.configs.disableTypeChecked] },
  {
    files: ['src-engine/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use random.ts with a seed.' },
        { object: 'Date', property: 'now', message: 'The clock is passed in.' },
        { object: 'performance', property: 'now', message: 'The clock is passed in.' }
      ]
    }
  },
  layer(
    ['src-engine/*.ts'],
    ['^(?!#engine/[^/]+$|\\./)'],
    'What stands beside the rooms of the engine knows none of them.'
  ),
  ...Object.entries(engineRooms)
    .filter(([room]) => room !== 'kernels/assembly')
    .map(([room, may]) => engineLayer(room, may)),
  assemblyLayer,
  layer(
    ['src-main/contract/**/*.ts'],
    ['^(?!#engine/|#contract/|zod$|@orpc/|\\./)', `^#engine/${pureEngine}`],
    'The contract is a leaf: zod, the oRPC contract and the pure data modules of the engine.'
  ),
  ...Object.entries(rooms)
    .filter(([room]) => room !== 'contract')
    .map(([room, may]) => roomLayer(room, may)),
  layer(
    ['src-main/words/**/*.ts', 'src-main/trials/**/*.ts'],
    ['^(?!#engine/|#contract/|#words/|#trials/)', `^#engine/${pureEngine}`],
    'What things mean is below all faces: it reads the contract and the pure data modules of the engine.'
  ),
  layer(
    ['src-main/*.ts'],
    [electron, '^ws$', sqlite, duckdb, '^#lab/(web|cli|desktop)/', renderer],
    'The lab knows no host, and reaches SQLite and DuckDB through store/ and datasets/.'
  ),
  layer(
    ['src-renderer/**/*.ts', 'src-renderer/**/*.svelte'],
    ['^node:', electron, '^ws$', sqlite, duckdb, '^#lab/', `^#engine/${teachingEngine}`],
    'The renderer knows the contract, the pure data modules of the engine, and its units, graph and references.'
  )
)
