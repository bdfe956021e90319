import { expect, it } from 'vitest'
import { arrayText, parseArrayText } from './array-text.ts'

it.each([
  [[]],
  [['']],
  [['NULL', null, 'null']],
  [[',', '{}', '{', '"', '""', '\\', '\\\\', '\\"', ' ', '\n', '\t', '华东仓 🏭']],
  [['\\\n', '"\\\\\t"', '\u0001\\"\u001f', '\\u0041', '\n\n\\']],
  [[null]],
  [['a b', 'c']],
])('an array comes back from its text: %j', (values) => {
  expect(parseArrayText(arrayText(values), (text) => text)).toEqual(values)
})

it('numbers and booleans are written plainly', () => {
  expect(arrayText([1, -0.5, null, true])).toBe('{1,-0.5,null,true}')
  expect(parseArrayText('{1,-0.5,NULL}', Number)).toEqual([1, -0.5, null])
})
