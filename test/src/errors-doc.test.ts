import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemCodes } from '@stagewatch/shared/contract/problem.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const documented = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code)

describe('every problem code', () => {
  it('has its line in docs/errors.md, in the order of the contract', () => {
    expect(documented).toEqual([...problemCodes])
  })

  it.each(languages)('has a text in every language: %s', (language) => {
    const file = new URL(`../../client/src/locales/${locales[language].tag}/errors.json`, import.meta.url)
    const { problem } = JSON.parse(readFileSync(file, 'utf8')) as { problem: Readonly<Record<string, string>> }
    expect(Object.keys(problem).toSorted()).toEqual([...problemCodes].toSorted())
  })
})
