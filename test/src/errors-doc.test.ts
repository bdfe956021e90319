import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemCodes } from '@stagewatch/shared/contract/problem.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'

describe('every problem code', () => {
  it.each(['errors.md', 'errors.zh-CN.md'])('has its line in docs/%s, in the order of the contract', (name) => {
    const page = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
    const documented = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code)
    expect(documented).toEqual([...problemCodes])
  })

  it.each(languages)('has a text in every language: %s', (language) => {
    const file = new URL(`../../client/src/locales/${locales[language].tag}/errors.json`, import.meta.url)
    const { problem } = JSON.parse(readFileSync(file, 'utf8')) as { problem: Readonly<Record<string, string>> }
    expect(Object.keys(problem).toSorted()).toEqual([...problemCodes].toSorted())
  })
})
