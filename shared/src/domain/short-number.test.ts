import { expect, test } from 'vitest'
import { shortNumber } from './short-number.ts'

test.for([
  ['SO-2026-00042', '#0042'],
  ['SO-2026-0-0-4-2', '#0042'],
  ['42', '#42'],
  ['Case 406', '#406'],
  ['SO-1', '#1'],
  ['PO 12/7', '#127'],
  ['A1-2', '#2'],
  ['N00042', '#0042'],
  ['订单-一二三四五', '#二三四五'],
  ['A-𠮷𠮷𠮷𠮷𠮷', '#𠮷𠮷𠮷𠮷'],
  ['--', '#'],
])('%s is shortened to %s', ([order, short]) => {
  expect(shortNumber(order!)).toBe(short)
})
