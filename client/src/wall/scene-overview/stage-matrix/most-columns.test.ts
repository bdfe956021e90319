import { expect, it } from 'vitest'
import { wallLayout } from '../../wall-layout.ts'
import { mostColumns } from './most-columns.ts'

it('a wall has room for as many stages as can be read on it', () => {
  expect(mostColumns(wallLayout(1920, 1080))).toBe(12)
  expect(mostColumns(wallLayout(5120, 1440))).toBe(17)
  expect(mostColumns(wallLayout(1080, 1920))).toBe(9)
})
