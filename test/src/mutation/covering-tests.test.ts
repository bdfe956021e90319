import { describe, expect, it } from 'vitest'
import { rankTests } from './covering-tests.ts'

describe('the tests of a changed place', () => {
  const executions = [
    { file: 'starts-it.db.test.ts', seconds: 1, spans: [[0, 40]] },
    {
      file: 'long.db.test.ts',
      seconds: 58,
      spans: [
        [0, 40],
        [50, 100],
      ],
    },
    {
      file: 'quick.db.test.ts',
      seconds: 4,
      spans: [
        [0, 40],
        [60, 70],
      ],
    },
    {
      file: 'elsewhere.db.test.ts',
      seconds: 1,
      spans: [
        [0, 40],
        [70, 100],
      ],
    },
  ] as const

  it('are those that execute it, and those first that execute most per second beyond what all execute', () => {
    const third = { file: 'third.db.test.ts', seconds: 98, spans: [[0, 100]] } as const
    // 11 characters in 6 s, 51 in 60 s and 61 in 100 s: what all execute does not count.
    expect(rankTests([...executions, third], 65)).toEqual(['quick.db.test.ts', 'long.db.test.ts', 'third.db.test.ts'])
  })

  it('are all that execute anything of the file where its places have moved since the recording', () => {
    expect(rankTests(executions, undefined)).toEqual([
      'elsewhere.db.test.ts',
      'quick.db.test.ts',
      'long.db.test.ts',
      'starts-it.db.test.ts',
    ])
  })

  it('are none when nothing executes it', () => {
    expect(rankTests(executions, 45)).toEqual([])
    expect(rankTests([], undefined)).toEqual([])
  })
})
