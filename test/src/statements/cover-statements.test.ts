import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { chooseFiles, type MeasuredFile } from './cover-statements.ts'
import repeatedFiles from './repeated-files.json' with { type: 'json' }

function file(name: string, durationMs: number, statements: string, isDependent = false): MeasuredFile {
  return { name, durationMs, isDependent, statements: new Set(statements) }
}

const namesOf = (files: readonly MeasuredFile[]): string[] => files.map(({ name }) => name)

test('keeps what depends on the database, and what adds statements, the most for its time first', () => {
  const { kept, repeated } = chooseFiles([
    file('slow', 900, 'abcd'),
    file('quick', 100, 'abc'),
    file('locks', 500, 'a', true),
    file('same', 10, 'ab'),
  ])
  expect(namesOf(kept)).toEqual(['locks', 'same', 'quick', 'slow'])
  expect(namesOf(repeated)).toEqual([])
})

test('leaves out files whose statements the others run, and none that was not recorded', () => {
  const { kept, repeated } = chooseFiles([
    file('all', 100, 'abcd'),
    file('part', 100, 'bc'),
    file('unknown', 100, ''),
    file('locks', 100, 'e', true),
    file('unlocked', 50, 'e'),
  ])
  expect(namesOf(kept)).toEqual(['unknown', 'locks', 'all'])
  expect(namesOf(repeated)).toEqual(['part', 'unlocked'])
})

test('the list names files that exist', () => {
  const repository = fileURLToPath(new URL('../../..', import.meta.url))
  expect(repeatedFiles.filter((name) => !existsSync(join(repository, name)))).toEqual([])
  expect(repeatedFiles.length).toBeGreaterThan(50)
})
