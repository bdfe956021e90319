import { expect, it } from 'vitest'
import { readShifts, shiftsText } from './week-fields.tsx'

const day = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
]

it.each([
  ['08:00–12:00, 13:00–17:00', day],
  ['8:00-12:00、13:00~17:00', day],
  ['２２：００－06:00', [{ from: '22:00', to: '06:00' }]],
  ['0:00-24:00', [{ from: '00:00', to: '24:00' }]],
  ['', []],
])('%s', (text, shifts) => {
  expect(readShifts(text)).toEqual(shifts)
})

it.each(['8-12', '08:00', '08:00-25:00', '08:00-24:30', '08:00-12:60', 'closed'])('%s is none', (text) => {
  expect(readShifts(text)).toBeUndefined()
})

it('what is shown can be typed again', () => {
  expect(readShifts(shiftsText(day))).toEqual(day)
})
