/** Tests, and what several tests of a folder share. */
const tests = [String.raw`\.test\.tsx?$`, '/testing/']

/** `from` may not import `to`; both are patterns of paths from the root of the repository. */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to }
}

/** The dependency rule of docs/architecture.md. */
export default {
  forbidden: [
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
      { path: '^(bench|client|db|server|test)/' },
    ),
    forbid(
      'db-imports-shared',
      'The database knows the domain, not the server that calls it.',
      { path: '^db/' },
      { path: '^(bench|client|server|test)/' },
    ),
    forbid(
      'server-imports-shared-and-db',
      'The server talks to browsers through the contract only.',
      { path: '^server/' },
      { path: '^(bench|client|test)/' },
    ),
    forbid(
      'client-imports-shared',
      'What runs in a browser shares the contract and the domain with the server, and nothing else.',
      { path: '^client/' },
      { path: '^(bench|db|server|test)/' },
    ),
    forbid(
      'nothing-imports-test-or-bench',
      'Product code works without its tests and measurements.',
      { pathNot: '^(bench|test)/' },
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
      { path: '^(server/src/engine|shared/src/domain)/', pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'features-do-not-import-features',
      'What two features of the wall need stands beside them.',
      { path: '^client/src/wall/([^/]+)/' },
      { path: '^client/src/(wall/[^/]+|start)/', pathNot: '^client/src/wall/$1/' },
    ),
    forbid(
      'start-does-not-import-the-wall',
      'The start page and the wall are two pages of their own.',
      { path: '^client/src/start/' },
      { path: '^client/src/(wall|desk)/' },
    ),
    forbid(
      'the-wall-does-not-import-the-desk',
      'The wall is loaded in one piece: forms and routes of the desk would come with it.',
      { path: '^client/src/wall/' },
      { path: ['^client/src/desk/', '/node_modules/@(mantine|tanstack/react-router)/'] },
    ),
    forbid(
      'desk-pages-do-not-import-pages',
      'What two pages of the desk need stands in api, diff, format, parts or shell.',
      { path: '^client/src/desk/([^/]+)/' },
      { path: '^client/src/(desk/[^/]+/|start|wall)', pathNot: '^client/src/desk/($1|api|diff|format|parts|shell)/' },
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
    // TypeScript 7 has no JavaScript API that the checker could parse with.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((bench|client|db|server|shared|test)/)?(dist|data)/' },
    // vitest and the other tools stand in the manifest of the root.
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
