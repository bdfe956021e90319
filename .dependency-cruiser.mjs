/** Tests, and code shared by several tests of a folder. */
const tests = [String.raw`\.test\.tsx?$`, '/testing/']

/** The folders of the server and its top-level files. Each may import only from those before it. */
export const serverLayers = [
  'platform',
  'access',
  'log',
  'rules',
  'projection',
  'engine',
  'boards',
  'ingest',
  'sites',
  'transitions',
  'query',
  'analysis',
  'live',
  'identity',
  'team',
  'order-actions',
  'saved-views',
  'screens',
  'connections',
  'channels',
  'alerts',
  'approvals',
  'tasks',
  'handover',
  'order-news',
  'sample',
  'templates',
  'backup',
  'audit',
  'export',
  'retention',
  'erasure',
  'ops',
  'services.ts',
  'routes.ts',
  'app.ts',
  'cli',
  'start-background-tasks.ts',
  'serve.ts',
  'main.ts',
]

/** The same within ingest: the way of an event from a file or a request to the log. */
const ingestLayers = [
  'tables',
  'parse',
  'files',
  'event-intake.ts',
  'sender-rights.ts',
  'quarantine',
  'batch-results.ts',
  'sources',
  'batches',
  'commit',
  'event-routes.ts',
  'imports',
]

/** The same for the client: first the parts of the desk, up to `app`, then the pages that are loaded separately. */
export const clientLayers = [
  'engine',
  'theme',
  'locales',
  'format',
  'api',
  'components',
  'live',
  'features',
  'app',
  'start',
  'wall',
  'scan',
  'fallback',
  'watchdog',
]

/** `from` may not import `to`; both are patterns of paths from the root of the repository. */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to }
}

/** Matches the contents of a folder, or a file by its name. */
const placeOf = (layer) => (layer.includes('.') ? layer : `${layer}/`)

/**
 * Tests may import from higher layers; the code under test may not.
 * @param folder of the layers, if it is not all of `name`.
 */
function layerRules(name, layers, folder = `${name}/src`) {
  const below = layers.slice(0, -1).map((layer, index) =>
    forbid(
      `${name}-layer-${layer.replace('.', '-')}`,
      `Imports of the ${name} point one way, from each folder to those before it in the list above.`,
      { path: `^${folder}/${placeOf(layer)}`, pathNot: tests },
      {
        path: `^${folder}/(${layers
          .slice(index + 1)
          .map(placeOf)
          .join('|')})`,
      },
    ),
  )
  const unknown = forbid(
    `${name}-folders-are-layers`,
    `A new folder of the ${name} gets its place in the order of the layers.`,
    { path: `^${folder}/`, pathNot: [...tests, `^${folder}/(${layers.map(placeOf).join('|')})`] },
    {},
  )
  return [...below, unknown]
}

/** The dependency rule of docs/architecture.md. */
export default {
  forbidden: [
    ...layerRules('server', serverLayers),
    ...layerRules('ingest', ingestLayers, 'server/src/ingest'),
    ...layerRules('client', clientLayers),
    forbid(
      'domain-imports-only-itself',
      'The rules of the domain are pure: no packages, no I/O, nothing of the other folders.',
      { path: '^shared/src/domain/', pathNot: tests },
      { pathNot: '^shared/src/domain/' },
    ),
    forbid(
      'contract-imports-domain-and-zod',
      'The contract is schemas over the words of the domain.',
      { path: '^shared/src/contract/', pathNot: tests },
      { pathNot: ['^shared/src/(domain|contract)/', '/node_modules/zod/'] },
    ),
    forbid(
      'shared-knows-no-other-folder',
      'Shared code, tests included, works without the folders that use it.',
      { path: '^shared/' },
      { path: '^(bench|client|db|packaging|server|test)/' },
    ),
    forbid(
      'db-imports-shared',
      'The database knows the domain, not the server that calls it.',
      { path: '^db/' },
      { path: '^(bench|client|packaging|server|test)/' },
    ),
    forbid(
      'server-imports-shared-and-db',
      'The server talks to browsers through the contract only.',
      { path: '^server/' },
      { path: '^(bench|client|packaging|test)/' },
    ),
    forbid(
      'client-imports-shared',
      'What runs in a browser shares the contract and the domain with the server, and nothing else.',
      { path: '^client/' },
      { path: '^(bench|db|packaging|server|test)/' },
    ),
    forbid(
      'packaging-imports-nothing',
      'It reads the other packages as files, before any of them runs.',
      { path: '^packaging/' },
      { path: '^(bench|client|db|server|shared|test)/' },
    ),
    forbid(
      'nothing-imports-test-or-bench',
      'Product code works without its tests and measurements.',
      { pathNot: ['^(bench|test)/', '^vitest[.]config[.]ts$'] },
      { path: '^(bench|test)/' },
    ),
    forbid(
      'tests-are-imported-by-tests',
      'Product code works without its tests.',
      { pathNot: [...tests, '^(bench|test)/'] },
      { path: tests },
    ),
    forbid(
      'pure-core-has-no-io',
      'The engine and the domain are handed everything, the time included.',
      { path: '^(server/src/engine|shared/src/domain)/', pathNot: [...tests, '^server/src/engine/scans/'] },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'parts-of-the-wall-do-not-import-each-other',
      'What two scenes of the wall share stands beside them, in wall/.',
      { path: '^client/src/wall/([^/]+)/' },
      { path: '^client/src/wall/[^/]+/', pathNot: '^client/src/wall/$1/' },
    ),
    forbid(
      'features-do-not-import-each-other',
      'A feature of the desk can be removed with its folder. What two of them share stands in api or components.',
      { path: '^client/src/features/([^/]+)/' },
      { path: '^client/src/features/[^/]+/', pathNot: '^client/src/features/$1/' },
    ),
    forbid(
      'pages-do-not-import-each-other',
      'The desk, the wall, the page for phones, the start page, the fallback and the watchdog are loaded by themselves.',
      { path: '^client/src/(app|features|fallback|scan|start|wall|watchdog)/' },
      { path: '^client/src/(app|features|fallback|scan|start|wall|watchdog)/', pathNot: '^client/src/($1|features)/' },
    ),
    forbid(
      'only-the-desk-imports-features',
      'The start page and the wall would load the forms of the desk with them.',
      { path: '^client/src/', pathNot: '^client/src/(app|features)/' },
      { path: '^client/src/features/' },
    ),
    forbid(
      'only-the-desk-loads-mantine-and-the-router',
      'The wall and the start page are small; forms and routes are for laptops and phones.',
      { path: '^client/src/(start|wall|scan|live|fallback|watchdog)/' },
      { path: '/node_modules/@(mantine|tanstack/react-router)/', reachable: true },
    ),
    forbid('no-cycles', 'A cycle has no first file to read.', {}, { circular: true }),
    forbid('resolvable', 'Every import names a file or a package that is there.', {}, { couldNotResolve: true }),
    forbid(
      'named-in-package-json',
      'A package that is only there by chance goes away by chance.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    forbid(
      'no-dev-dependency-at-run-time',
      'A production install has no development packages.',
      { path: '^(client|db|server|shared)/src/', pathNot: tests },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    // TypeScript 7 has no JavaScript API that the checker could use for parsing.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((bench|client|db|packaging|server|shared|test)/)?(dist|data)/' },
    // vitest and the other tools are dependencies in the root manifest.
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
