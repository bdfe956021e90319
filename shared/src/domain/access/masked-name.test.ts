import { expect, it } from 'vitest'
import { maskedName, maskedText } from './masked-name.ts'

it.each([
  ['华辰重工集团', '华辰**'],
  ['Acme Motors', 'Ac**'],
  ['华辰', '华**'],
  ['华', '**'],
  ['', '**'],
  ['👩‍🏭👩‍🏭 Works', '👩‍🏭👩‍🏭**'],
])('the name %j is shown as %j', (name, masked) => {
  expect(maskedName(name)).toBe(masked)
})

it.each([
  ['waits for Acme Motors', 'waits for Ac**'],
  ['ACME MOTORS called', 'Ac** called'],
  ['Acme Motorship is another', 'Acme Motorship is another'],
  ['handed from Li to Li Ming by li', 'handed from ** to ** by **'],
  ['delivery', 'delivery'],
])('the text %j is shown as %j', (text, masked) => {
  const privacy = { customers: 'masked', amounts: 'shown', people: 'team' } as const
  expect(maskedText(text, { customers: ['Acme Motors'], people: ['Li', undefined, 'Li Ming'] }, privacy)).toBe(masked)
})

it('finds a Chinese name in the middle of a sentence, and leaves the text as it is where nothing is hidden', () => {
  const names = { customers: ['华辰重工'], people: ['王芳'] }
  const hidden = { customers: 'masked', amounts: 'shown', people: 'team' } as const
  const shown = { customers: 'shown', amounts: 'hidden', people: 'shown' } as const
  expect(maskedText('等华辰重工回复，王芳跟进', names, hidden)).toBe('等华辰**回复，**跟进')
  expect(maskedText('等华辰重工回复，王芳跟进', names, shown)).toBe('等华辰重工回复，王芳跟进')
})
