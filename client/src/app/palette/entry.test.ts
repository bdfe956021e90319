import { expect, it } from 'vitest'
import { matchingEntries } from './entry.ts'

const entry = (id: string, text: string, words?: string) => ({
  id,
  group: 'pages' as const,
  text,
  ...(words !== undefined && { words }),
  run: () => undefined,
})
const entries = [entry('a', '订单', '/orders'), entry('b', 'Theme: Dark', 'theme dark'), entry('c', 'Data sources')]

it.each([
  ['', ['a', 'b', 'c']],
  ['订', ['a']],
  ['ORD', ['a']],
  ['dark theme', ['b']],
  ['da', ['b', 'c']],
  ['da  x', []],
])('“%s” finds %j', (typed, ids) => {
  expect(matchingEntries(entries, typed).map(({ id }) => id)).toEqual(ids)
})
