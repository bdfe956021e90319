import { describe, expect, it } from 'vitest'
import { ageingMarks, ageingOption } from './ageing-option.ts'

const look = {
  unit: 1,
  colours: (token: string) => `<${token}>`,
  colourOf: (state: string) => `<${state}>`,
  formatCount: String,
}

describe('the marks of the ageing plot', () => {
  it('stand on each other in the order of the states, as many as there are orders', () => {
    const { marks, more } = ageingMarks([{ overdue: 1, onTrack: 2 }, {}, { stalled: 1 }])
    expect(marks.filter(({ bin }) => bin === 0).map(({ place }) => place)).toEqual([0, 1, 2])
    expect(marks.map(({ state }) => state).toSorted()).toEqual(['onTrack', 'onTrack', 'overdue', 'stalled'])
    expect(marks.find(({ state }) => state === 'stalled')).toEqual({ bin: 2, place: 0, state: 'stalled' })
    expect(more).toEqual([])
  })

  it('are six at most; of seven, five stand below a number', () => {
    expect(ageingMarks([{ overdue: 6 }]).marks).toHaveLength(6)
    const { marks, more } = ageingMarks([{ overdue: 7 }])
    expect(marks).toHaveLength(5)
    expect(more).toEqual([{ bin: 0, place: 5, count: 2 }])
  })
})

describe('the ageing plot', () => {
  it('tints what lies past the limit', () => {
    const { series, xAxis } = ageingOption({ bins: [{}, {}, { overdue: 1 }], limitAt: 2 }, look)
    expect(xAxis).toMatchObject({ min: 0, max: 3 })
    expect([series].flat()[0]).toMatchObject({
      areaStyle: { color: '<bottleneck-tint>' },
      data: [
        [2, 1],
        [3, 1],
      ],
    })
  })

  it('draws every part of a glyph at the middle of its bin, the second mark above the first', () => {
    const { series } = ageingOption({ bins: [{}, { overdue: 2 }], limitAt: 1 }, look)
    const glyphs = [series].flat().filter((each) => each?.symbol !== undefined)
    const data = [
      { value: [1.5, 0], symbolOffset: [0, -27] },
      { value: [1.5, 0], symbolOffset: [0, -63] },
    ]
    expect(glyphs).toMatchObject([
      { symbolSize: 30, itemStyle: { color: '<overdue>' }, data },
      { symbolSize: 30, itemStyle: { color: 'transparent', borderColor: '<surface>', borderWidth: 3.75 }, data },
    ])
  })

  it('writes how many more there are above the marks', () => {
    const { series } = ageingOption({ bins: [{ atRisk: 9 }], limitAt: 1 }, look)
    expect([series].flat().at(-1)).toMatchObject({ data: [{ value: [0.5, 0], label: { formatter: '+4' } }] })
  })
})
