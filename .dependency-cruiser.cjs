/**
 * The table of imports (README.md, "Layout") over reachability, and no circles.
 * eslint.config.js says the same file by file, in the editor.
 */
const pureEngine =
  '^src-engine/(problem|setting|kernels/reference/activations|network/(topology|topology-text|layer-settings|activations|losses|initialisations)|training/(plan|check-plan|plan-settings|plan-values|settings|varied|optimizers|schedules|recipes|metrics|epoch-columns|rate-range))\\.ts$'
/** What Foundations explains with: plain TypeScript, no WebAssembly. */
const teachingEngine = '^src-engine/(random|units/[a-z-]+|graph/[a-z-]+|kernels/reference/[a-z-]+)\\.ts$'

/** What all faces share: words for a person, and which runs are trials of the same. */
const meaning = '^src-main/(words|trials)/'

const rooms = require('./src-main/rooms.json')
const engineRooms = require('./src-engine/rooms.json')
const hosts = ['web', 'cli', 'desktop']

/** The files of a room of the engine, without those of rooms in it; a file by its name. */
const engineFiles = (name) => `^src-engine/${name.endsWith('.ts') ? name : `${name}/[^/]+`}$`
/** What stands beside the engine's rooms is for all of them but the kernels, which are another language. */
const engineCommons = (room) => (room === 'kernels/assembly' ? [] : ['[^/]+.ts'])

/** A rule: nothing in `from` imports (or, with reach, leads to) `to`. */
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    rule('no-circles', {}, { circular: true }, 'A circle means two pieces that should be one, or three.'),
    rule(
      'engine-is-pure',
      { path: '^src-engine/', pathNot: '^src-engine/process/' },
      { pathNot: '^src-engine/', dependencyTypesNot: ['aliased'] },
      'The engine imports only itself.'
    ),
    rule(
      'engine-process',
      { path: '^src-engine/process/' },
      { pathNot: ['^src-engine/', '^(node:)?worker_threads$'] },
      'The engine process imports the engine and worker_threads.'
    ),
    ...Object.entries(engineRooms).map(([room, may]) =>
      rule(
        `engine-${room.replace('/', '-')}`,
        { path: `^src-engine/${room}/[^/]+$` },
        { path: '^src-engine/', pathNot: [room, ...may, ...engineCommons(room)].map(engineFiles) },
        `${room}/ of the engine imports only what src-engine/rooms.json names.`
      )
    ),
    rule(
      'contract-is-a-leaf',
      { path: '^src-main/contract/' },
      { path: '^src-(engine|main|renderer)/', pathNot: ['^src-main/contract/', pureEngine] },
      'Of the engine the contract reads the pure data modules.'
    ),
    rule(
      'words-and-trials-are-leaves',
      { path: meaning },
      { pathNot: [meaning, '^src-main/contract/', pureEngine] },
      'What things mean is below all faces: it reads the contract and the pure data modules.'
    ),
    rule(
      'renderer-is-pixels',
      { path: '^src-renderer/' },
      { path: '^src-(engine|main)/', pathNot: ['^src-main/contract/', meaning, pureEngine, teachingEngine] },
      'The renderer knows the contract, words and trials, the pure data modules, and the units, graph and references of the engine.'
    ),
    rule(
      'sqlite-in-store',
      { pathNot: '^src-main/store/' },
      { path: 'node_modules/better-sqlite3' },
      'SQLite lives in store/.'
    ),
    rule(
      'duckdb-in-datasets',
      { pathNot: '^src-main/datasets/' },
      { path: 'node_modules/@duckdb' },
      'DuckDB lives in datasets/.'
    ),
    rule(
      'electron-in-desktop',
      { pathNot: '^src-main/desktop/' },
      { path: '^electron$|node_modules/electron/' },
      'Electron lives in desktop/.'
    ),
    ...Object.entries(rooms).map(([room, may]) =>
      rule(
        `rooms-of-${room}`,
        { path: `^src-main/${room}/` },
        {
          path: '^src-main/',
          pathNot: [room === 'contract' ? [] : meaning, [room, ...may].map((name) => `^src-main/${name}(/|$)`)].flat()
        },
        `${room}/ imports only what src-main/rooms.json names.`
      )
    ),
    rule(
      'no-host-in-lab',
      { path: '^src-main/[^/]+\\.ts$' },
      { path: `^src-main/(${hosts.join('|')})/` },
      'The lab knows no host.'
    ),
    rule(
      'lab-never-reaches-electron',
      { path: '^src-(main|engine)/', pathNot: '^src-main/desktop/' },
      { path: '^electron$|node_modules/electron/', reachable: true },
      'Only desktop/ leads to Electron.'
    )
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types']
    }
  }
}
