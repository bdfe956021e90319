import { describe, expect, it } from 'vitest'
import { heatLook } from './heat-cell.ts'
import { cellText, heatMapOption } from './heat-map-option.ts'

const look = { unit: 2, colours: (token: string) => `<${token}>` }
const tolerance = { toleranceRatio: 0.1 }
const cell = (overdue: number, wip: number) => heatLook({ overdue, wip }, tolerance, 'en')
const missing = heatLook(null, tolerance, 'en')
const noLimit = heatLook({ overdue: 0, wip: 9 }, { ...tolerance, unjudged: true }, 'en')

function seriesOf(option: ReturnType<typeof heatMapOption>) {
  const [series] = [option.series].flat()
  if (series?.type !== 'heatmap') throw new Error('no heat map')
  return series
}

describe('the heat map', () => {
  it('has its first row on top, and a cell for each share in the colour of its class', () => {
    const option = heatMapOption([[cell(0, 40), cell(14, 57)], [cell(3, 26)]], 7, look)
    expect(option.xAxis).toMatchObject({ type: 'category', data: ['0', '1'] })
    expect(option.yAxis).toMatchObject({ inverse: true, data: ['0', '1', '2', '3', '4', '5', '6'] })
    expect(seriesOf(option).data).toEqual([
      { value: [0, 0, 0], label: { color: '<heat-text-0>', formatter: '0' } },
      { value: [1, 0, 5], label: { color: '<heat-text-5>', formatter: '25' } },
      { value: [0, 1, 3], label: { color: '<heat-text-3>', formatter: '12' } },
    ])
    expect(option.visualMap).toMatchObject({
      type: 'piecewise',
      pieces: [0, 1, 2, 3, 4, 5].map((heat) => ({ value: heat, color: `<heat-${heat}>` })),
    })
  })

  it('leaves out what is unknown, and shows cells without a limit as quiet', () => {
    expect(seriesOf(heatMapOption([[missing, noLimit]], 1, look)).data).toEqual([
      { value: [1, 0, 0], label: { color: '<heat-text-0>', formatter: '—' } },
    ])
    expect([cellText(missing), cellText(noLimit), cellText(cell(1, 3))]).toEqual([undefined, '—', '1/3'])
  })

  it('fills its element to the pixel, and grows with the wall', () => {
    const option = heatMapOption([[cell(0, 40)]], 1, look)
    expect(option.grid).toMatchObject({ width: '100%', height: '100%', outerBoundsMode: 'none' })
    expect(seriesOf(option)).toMatchObject({
      itemStyle: { borderWidth: 6, borderColor: '<surface>' },
      label: { fontSize: 56, fontFamily: '<face>' },
    })
  })
})
