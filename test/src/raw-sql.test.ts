import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

/** A statement passed as a string, whose columns no compiler checks. */
const rawStatement = /\.(?:query|copyOut)(?:<[^(]*>)?\(/

it('statements are written as text only in the files that decision 30 lists', () => {
  const listed = textOf('docs/decisions/0030-typed-queries.md').matchAll(/^\| `(server\/src\/\S+\.ts)` +\|/gm)
  const sources = globSync('server/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts', '**/testing/**'] })
  const raw = sources.filter((path) => rawStatement.test(textOf(path)))
  expect(raw.toSorted()).toEqual(Array.from(listed, ([, path]) => path))
})
