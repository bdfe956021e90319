import { describe, expect, it } from 'vitest'
import { compileModule } from './compile-module.ts'

const file = 'server/src/cli/import.ts'

describe('a compiled module', () => {
  it('imports compiled modules of its own and of other packages by relative paths', () => {
    const source = [
      `import { one } from './one.ts'`,
      `import { type Two, two } from '@stagewatch/shared/domain/two.ts'`,
      `export { three } from "../platform/three.ts"`,
      `export * from '@stagewatch/db/four.ts'`,
      `const five = await import('./parts/five.ts')`,
    ].join('\n')
    const { code, files } = compileModule(file, source)
    expect(code.split('\n').map((line) => line.trim())).toEqual([
      `import { one } from './one.js'`,
      expect.stringMatching(/^import \{ +two \} from '\.\.\/\.\.\/\.\.\/shared\/src\/domain\/two\.js'$/),
      `export { three } from '../platform/three.js'`,
      `export * from '../../../db/src/four.js'`,
      `const five = await import('./parts/five.js')`,
    ])
    expect(files).toEqual([
      'server/src/cli/one.ts',
      'shared/src/domain/two.ts',
      'server/src/platform/three.ts',
      'db/src/four.ts',
      'server/src/cli/parts/five.ts',
    ])
  })

  it('starts compiled threads', () => {
    const { code, files } = compileModule(file, `new Worker(new URL('scan-thread.ts', import.meta.url))`)
    expect(code).toBe(`new Worker(new URL('./scan-thread.js', import.meta.url))`)
    expect(files).toEqual(['server/src/cli/scan-thread.ts'])
  })

  it('keeps lines, JSON and texts, and names packages', () => {
    const source = [
      `import type { Logger } from 'pino'`,
      `import { z } from 'zod/v4'`,
      `import list from './locales.json' with { type: 'json' }`,
      `import fs from 'node:fs'`,
      `import staticFiles from '@fastify/static'`,
      `interface Gone {`,
      `  readonly name: string`,
      `}`,
      `const text: string = 'see main.ts and ./one.ts'`,
      `const folder = new URL('translations/', import.meta.url)`,
    ].join('\n')
    const { code, files, packages } = compileModule(file, source)
    const lines = code.split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[2]).toBe(`import list from './locales.json' with { type: 'json' }`)
    expect(lines[8]?.replace(/ +/g, ' ')).toBe(`const text = 'see main.ts and ./one.ts'`)
    expect(lines[9]).toBe(`const folder = new URL('translations/', import.meta.url)`)
    expect(files).toEqual(['server/src/cli/locales.json'])
    expect(packages).toEqual(['zod', '@fastify/static'])
  })

  it('is refused if nobody can tell what it imports', () => {
    expect(() => compileModule(file, 'await import(`./${name}.ts`)')).toThrow(/import\.ts: import\(\) of a name/)
  })
})
