import { expect, it } from 'vitest'
import { lastHoursOption } from './last-hours-option.ts'

const look = { unit: 1, colours: (token: string) => `<${token}>` }
const text = (count: number) => `${count} open`

it('an hour is a bar of its open orders with the overdue ones at its foot, on one scale', () => {
  const option = lastHoursOption(
    [
      { wip: 8, overdue: 2 },
      { wip: 4, overdue: 0 },
    ],
    text,
    look,
  )
  expect(option.yAxis).toMatchObject({ min: 0, max: 8 })
  expect(option.xAxis).toMatchObject({ data: ['0', '1'] })
  expect(option.series).toMatchObject([
    {
      barGap: '-100%',
      itemStyle: { color: '<data-2>' },
      data: [
        { value: 8, label: { formatter: '8 open' } },
        { value: 4, label: { formatter: '4 open' } },
      ],
    },
    { barGap: '-100%', itemStyle: { color: '<text>' }, data: [2, 0] },
  ])
})

it('an hour without data has no bar, one without orders has an empty one, and the scale is never empty', () => {
  const option = lastHoursOption([null, { wip: 0, overdue: 0 }], text, look)
  expect(option.yAxis).toMatchObject({ max: 1 })
  expect(option.series).toMatchObject([
    { data: ['-', { value: 0, label: { formatter: '0 open' } }] },
    { data: ['-', 0] },
  ])
})
