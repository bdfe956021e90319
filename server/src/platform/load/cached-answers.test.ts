import { expect, it } from 'vitest'
import { CachedAnswers } from './cached-answers.ts'

const minuteMs = 60_000

it('an answer is given again for ten minutes, with its age', () => {
  const answers = new CachedAnswers()
  answers.keep('a', 'first', 0)
  answers.keep('a', 'second', 1_000)
  expect(answers.find('a', 8_500)).toEqual({ text: 'second', ageS: 7 })
  expect(answers.find('b', 8_500)).toBeUndefined()
  expect(answers.find('a', 1_000 + 10 * minuteMs)).toBeDefined()
  expect(answers.find('a', 1_001 + 10 * minuteMs)).toBeUndefined()
})

it('the oldest answers make room, by number and by size, and a very long one is not kept', () => {
  const answers = new CachedAnswers()
  for (let i = 0; i < 250; i++) answers.keep(`${i}`, 'short', i)
  expect([answers.usage.size, answers.find('49', 250), answers.find('50', 250)?.text]).toEqual([
    200,
    undefined,
    'short',
  ])
  const large = 'x'.repeat(130_000)
  for (let i = 0; i < 200; i++) answers.keep(`large ${i}`, large, i)
  expect(answers.usage.size).toBe(64)
  answers.keep('huge', 'x'.repeat(1_000_000), 0)
  expect(answers.find('huge', 0)).toBeUndefined()
  answers.clear()
  expect([answers.usage.size, answers.find('large 199', 200)]).toEqual([0, undefined])
})

it('an answer that has become too long does not leave the one before it', () => {
  const answers = new CachedAnswers()
  answers.keep('a', 'short', 0)
  answers.keep('a', 'x'.repeat(1_000_000), 1)
  expect(answers.find('a', 2)).toBeUndefined()
})
