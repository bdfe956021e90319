import { expect, it } from 'vitest'
import { ImportGraph } from './import-graph.ts'

it('counts the imports between a file and those that run it, packages and lazy imports included', () => {
  const graph = new ImportGraph([
    ['shared/src/domain/age.ts', 'export const age = 1'],
    ['server/src/engine/open.ts', "import { age } from '@stagewatch/shared/domain/age.ts'"],
    ['server/src/engine/open.test.ts', "import { open } from './open.ts'"],
    ['server/src/app.ts', "const { open } = await import('./engine/open.ts')"],
    ['test/src/app.db.test.ts', "export { app } from '@stagewatch/server/app.ts'"],
    ['server/src/types.ts', "import type { Age } from '@stagewatch/shared/domain/age.ts'"],
  ])
  expect(Object.fromEntries(graph.distancesFrom('shared/src/domain/age.ts'))).toEqual({
    'shared/src/domain/age.ts': 0,
    'server/src/engine/open.ts': 1,
    'server/src/engine/open.test.ts': 2,
    'server/src/app.ts': 2,
    'test/src/app.db.test.ts': 3,
  })
})
