import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/reference/faults-and-bad-input.md'), 'utf8')

interface Row {
  readonly what: string
  readonly does: string
  /** Each names a test, or says why there is none. */
  readonly shownBy: readonly string[]
}

const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| what goes wrong'))
  .map((line): Row => {
    const [, what = '', does = '', shownBy = ''] = line.split('|').map((cell) => cell.trim())
    return { what, does, shownBy: shownBy.split('<br>') }
  })

const testOfFile = /^`([\w./-]+\.test\.tsx?)`: `(.+)`$/
const reason = /^(Open|Partly open|Not applicable)[:.]/

/** Whether a test or a group of tests of the file has exactly this title. */
function hasTitle(file: string, title: string): boolean {
  const source = readFileSync(join(root, file), 'utf8').replaceAll(String.raw`\'`, "'")
  const escaped = RegExp.escape(title)
  return new RegExp(`\\(\\s*(['"\`])${escaped}\\1,`).test(source)
}

describe('the table of faults and bad input', () => {
  it('has a test or a reason in every row', () => {
    expect(rows.length).toBeGreaterThan(130)
    const wrong = rows.filter(
      ({ what, does, shownBy }) =>
        what === '' || does.length < 3 || shownBy.some((entry) => !testOfFile.test(entry) && !reason.test(entry)),
    )
    expect(wrong).toEqual([])
  })

  it('names tests that exist', () => {
    const named = rows.flatMap(({ shownBy }) => shownBy).filter((entry) => testOfFile.test(entry))
    expect(named.length).toBeGreaterThan(200)
    const missing = named.filter((entry) => {
      const [, file = '', titles = ''] = testOfFile.exec(entry) ?? []
      return !existsSync(join(root, file)) || titles.split(' › ').some((title) => !hasTitle(file, title))
    })
    expect(missing).toEqual([])
  })
})
