import { expect, test } from 'vitest'
import { CellCounts, remarkText } from './cell-counts.ts'

test('cells are counted by column and cause, and the first three are examples', () => {
  const counts = new CellCounts()
  counts.add('unreadable', 'due_at', 4, 'soon', 'soon is no time')
  counts.add('guard', 'order', 5, "'1")
  for (const line of [6, 7, 8]) counts.add('unreadable', 'due_at', line, `in ${line} days`, 'another reason')
  counts.add('unreadable', 'order', 9, 'x'.repeat(70))
  expect(counts.remarks()).toEqual([
    {
      column: 'due_at',
      cause: 'unreadable',
      count: 4,
      examples: [
        { line: 4, value: 'soon' },
        { line: 6, value: 'in 6 days' },
        { line: 7, value: 'in 7 days' },
      ],
      message: 'soon is no time',
    },
    { column: 'order', cause: 'guard', count: 1, examples: [{ line: 5, value: "'1" }], message: '' },
    {
      column: 'order',
      cause: 'unreadable',
      count: 1,
      examples: [{ line: 9, value: `${'x'.repeat(60)}…` }],
      message: '',
    },
  ])
})

test('a remark is one line, with a reason if there is one', () => {
  const examples = [{ line: 4, value: 'soon' }, { line: 6, value: 'later' }] // prettier-ignore
  expect(remarkText({ column: 'due_at', cause: 'unreadable', count: 2, examples, message: 'soon is no time' })).toBe(
    'due_at: 2 cells left out; line 4: soon, line 6: later (soon is no time)',
  )
  expect(remarkText({ column: 'due_at', cause: 'empty_word', count: 1, examples: [], message: '' })).toBe(
    'due_at: 1 cell read as empty; ',
  )
})
