import { describe, expect, it } from 'vitest'
import { stageParts } from './shown-in-turn.ts'

const most = 12
const stages = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)

describe('the parts of a wide process', () => {
  it('are one while the columns fit', () => {
    expect(stageParts(stages(12), most)).toEqual([stages(12)])
    expect(stageParts([], most)).toEqual([[]])
  })

  it('are two halves with an overlap of one from thirteen stages on', () => {
    const [first, second] = stageParts(stages(13), most)
    expect(first).toEqual(stages(7))
    expect(second).toEqual(stages(13).slice(6))
  })

  it.each([13, 20, 23, 24, 27, 60])('of %i stages show every stage, fit, and overlap', (count) => {
    const parts = stageParts(stages(count), most)
    expect(new Set(parts.flat())).toEqual(new Set(stages(count)))
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(most)
    for (const [index, part] of parts.slice(1).entries()) expect(parts[index]).toContain(part[0])
  })
})
