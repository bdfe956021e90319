import { expect, it } from 'vitest'
import { wallLayout } from '../../wall-layout.ts'
import { listRoom } from './list-room.ts'

it('the list has six rows on a usual wall, and as many as fit on others', () => {
  expect(listRoom(wallLayout(1920, 1080))).toBe(6)
  expect(listRoom(wallLayout(1920, 1440))).toBe(10)
  expect(listRoom(wallLayout(5120, 1440))).toBe(16)
  expect(listRoom(wallLayout(1080, 1920))).toBe(4)
})
