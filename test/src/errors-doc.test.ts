import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemCodes } from '@stagewatch/shared/contract/problem.ts'
import { en } from '../../client/src/text/en.ts'
import { zhCn } from '../../client/src/text/zh-cn.ts'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const documented = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code)

describe('every problem code', () => {
  it('has its line in docs/errors.md, in the order of the contract', () => {
    expect(documented).toEqual([...problemCodes])
  })

  it('has a text in both languages', () => {
    expect(Object.keys(en.problem).toSorted()).toEqual([...problemCodes].toSorted())
    expect(Object.keys(zhCn.problem).toSorted()).toEqual([...problemCodes].toSorted())
  })
})
