import { expect, it } from 'vitest'
import { sparklineOption, sparklineTable } from './sparkline-option.ts'

const look = { unit: 1, today: '#fff', previousDay: '#888', end: '#f00' }

it('the sparkline spans the whole day, and only its last point has a dot', () => {
  const option = sparklineOption({ stepMs: 1_800_000, today: [3, 5, 4], previousDay: [2, 2] }, look)
  expect(option.xAxis).toMatchObject({ min: 0, max: 47 })
  expect(option.series).toMatchObject([
    {
      data: [
        [0, 2],
        [1, 2],
      ],
    },
    { data: [{ symbol: 'none' }, { symbol: 'none' }, { value: [2, 4], symbol: 'circle' }] },
  ])
})

it('a flat day stays flat, and a day without points has a scale', () => {
  expect(sparklineOption({ stepMs: 1_800_000, today: [3, 4], previousDay: [] }, look).yAxis).toMatchObject({
    min: 3,
    max: 11,
  })
  expect(sparklineOption({ stepMs: 1_800_000, today: [], previousDay: [] }, look).yAxis).toMatchObject({
    min: 0,
    max: 8,
  })
})

it('says each step of today beside that of the day before', () => {
  const words = { caption: 'Overdue', today: 'Today', previousDay: 'Before' }
  expect(sparklineTable({ stepMs: 1_800_000, today: [3, 5, 4], previousDay: [2, 2] }, words)).toEqual({
    caption: 'Overdue',
    columns: ['Today', 'Before'],
    rows: [
      { label: '00:00', cells: ['3', '2'] },
      { label: '00:30', cells: ['5', '2'] },
      { label: '01:00', cells: ['4', '—'] },
    ],
  })
})
