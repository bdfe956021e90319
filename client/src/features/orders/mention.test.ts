import { describe, expect, it } from 'vitest'
import { completed, mentionAt, mentionedIn, namedLike, partsOf } from './mention.ts'

describe('what is being written', () => {
  it.each([
    ['@', 1, ''],
    ['ask @Li', 7, 'Li'],
    ['请@李', 3, '李'],
    ['(@Li', 4, 'Li'],
  ])('is a mention: %s', (text, caret, query) => {
    expect(mentionAt(text, caret)?.query).toBe(query)
  })

  it.each([
    ['li@example.com', 14],
    ['@Li Min', 7],
    ['no mention', 10],
    ['@Li', 0],
    [`@${'x'.repeat(60)}`, 61],
  ])('is none: %s', (text, caret) => {
    expect(mentionAt(text, caret)).toBeUndefined()
  })

  it('no longer offers those whose names do not contain it', () => {
    const people = ['Ada', 'Mei', 'Esme', '王芳'].map((name) => ({ id: name, name }))
    const offered = (text: string) => namedLike(people, text).map(({ name }) => name)
    expect(offered('')).toEqual(['Ada', 'Mei', 'Esme', '王芳'])
    expect(offered('ME')).toEqual(['Mei', 'Esme'])
    expect(offered('王')).toEqual(['王芳'])
    expect(offered('meier')).toEqual([])
  })

  it('is replaced by the name, and the caret goes behind it', () => {
    const text = 'ask @li about it'
    expect(completed(text, mentionAt(text, 7)!, 'Li Min')).toEqual({ text: 'ask @Li Min about it', caret: 12 })
  })
})

describe('the names in a text', () => {
  const people = [
    { id: '1', name: 'Li' },
    { id: '2', name: 'Li Min' },
    { id: '3', name: 'A (B)' },
  ]

  it('are highlighted in the text, the longer of two matches first', () => {
    expect(partsOf('@Li Min and @Li', ['Li', 'Li Min'])).toEqual([
      { text: '@Li Min', isName: true },
      { text: ' and ', isName: false },
      { text: '@Li', isName: true },
    ])
    expect(partsOf('nobody', [])).toEqual([{ text: 'nobody', isName: false }])
  })

  it('are those of selected people that are still in the text, each once', () => {
    expect(mentionedIn('@Li Min, @A (B) and @Li Min', [...people, people[1]!])).toEqual([people[1], people[2]])
    expect(mentionedIn('Li Min', people)).toEqual([])
  })
})
