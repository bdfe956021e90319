import { describe, expect, it } from 'vitest'
import type { ProcessHistory } from './process-history.ts'
import { stagesEver, versionAt, withVersion } from './process-history.ts'
import { plainStage } from './process-definition.ts'

const process = (...stages: string[]) => ({
  code: 'p',
  name: { zh: 'p', en: 'p' },
  stages: stages.map(plainStage),
  acceptsNewStages: false,
  goals: {},
})
const first: ProcessHistory = [{ definition: process('a') }]
const history = withVersion(withVersion(first, { validFrom: 200, definition: process('c') }), {
  validFrom: 100,
  definition: process('b'),
})

describe('a process over time', () => {
  it('is what the latest version says that had begun', () => {
    expect([0, 99, 100, 199, 200, 999].map((at) => versionAt(history, at).stages[0]?.code)).toEqual([
      'a',
      'a',
      'b',
      'b',
      'c',
      'c',
    ])
  })

  it('is what its only version says at all times, and its first one before the second has begun', () => {
    expect(versionAt(first, 0).stages[0]?.code).toBe('a')
    const two = withVersion(first, { validFrom: 100, definition: process('b') })
    expect([99, 100].map((at) => versionAt(two, at).stages[0]?.code)).toEqual(['a', 'b'])
  })

  it('has a version replaced by one that begins at the same instant', () => {
    const again = withVersion(history, { validFrom: 100, definition: process('d') })
    expect(again.map(({ definition }) => definition.stages[0]?.code)).toEqual(['a', 'd', 'c'])
    expect(withVersion(first, { definition: process('d') })).toEqual([{ definition: process('d') }])
  })

  it('knows every stage that any version names', () => {
    expect(stagesEver(history)).toEqual(new Set(['a', 'b', 'c']))
  })
})
