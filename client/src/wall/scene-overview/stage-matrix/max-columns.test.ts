import { expect, it } from 'vitest'
import { wallLayout } from '../../wall-layout.ts'
import { maxColumns } from './max-columns.ts'

it('a wall has room for as many stages as can be read on it', () => {
  expect(maxColumns(wallLayout(1920, 1080))).toBe(12)
  expect(maxColumns(wallLayout(5120, 1440))).toBe(17)
  expect(maxColumns(wallLayout(1080, 1920))).toBe(9)
})
