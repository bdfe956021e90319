import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { describe, expect, it } from 'vitest'
import { writtenFile } from '../files/testing/written-file.ts'
import { fileOptionsOf } from './file-options.ts'
import { surveyFile } from './survey-file.ts'

async function survey(stages: readonly string[], mapping: ImportMapping = {}, isStopped = false) {
  const rows = stages.map((stage, i) => `O-${i},${stage},2026-01-02T08:00:00Z`)
  const path = writtenFile(['order,stage,timestamp', ...rows, ''].join('\n'))
  const stopped = isStopped ? AbortSignal.abort() : new AbortController().signal
  const monitor = { openProgress: () => ({ update: () => {}, close: () => {} }), stopped }
  const surveyed = await surveyFile(fileOptionsOf(path, mapping), monitor)
  await surveyed.file.close()
  return surveyed
}
const numbers = (count: number, text: (i: number) => string = (i) => `s${i}`) =>
  Array.from({ length: count }, (_, i) => text(i))

describe('the column of stages', () => {
  it('has as many values as are allowed', async () => {
    expect((await survey(numbers(4), { maxStages: 4 })).file.facts.rows).toBe(4)
    await expect(survey(numbers(5), { maxStages: 4 })).rejects.toMatchObject({
      code: 'too_large',
      field: 'stage',
      message: expect.stringContaining('has more than 4 different values (s0, s1, s2 …)'),
    })
    await expect(survey(numbers(5), { maxStages: 4 })).rejects.toThrow('raise --max-stages')
    await expect(survey(numbers(501))).rejects.toThrow('because a process has no more')
  })

  it('is counted without what cleaning removes', async () => {
    const twice = numbers(8, (i) => (i % 2 === 0 ? `s${i >> 1}` : ` s${i >> 1} `))
    expect((await survey(twice, { maxStages: 4 })).file.facts.rows).toBe(8)
    // An empty cell is no stage.
    expect((await survey([...numbers(4), '', ' '], { maxStages: 4 })).file.facts.rows).toBe(6)
  })

  it('with more than twice as many is refused at once, whatever cleaning would remove', async () => {
    const same = numbers(9, (i) => `${' '.repeat(i)}s`)
    await expect(survey(same.slice(0, 8), { maxStages: 4 })).resolves.toBeDefined()
    await expect(survey(same, { maxStages: 4 })).rejects.toMatchObject({ code: 'too_large' })
  })

  it('is not judged when somebody has stopped the survey', async () => {
    await expect(survey(numbers(5), { maxStages: 4 }, true)).resolves.toBeDefined()
  })
})
