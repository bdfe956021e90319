import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filledTemplate, fixedLength, parseTemplate } from './message-template.ts'

const names = ['order', 'stage']
const filled = (template: string, values: Record<string, string | undefined>) => {
  const parsed = parseTemplate(template, names)
  return parsed.problem === undefined ? filledTemplate(parsed.parts, values) : parsed.problem
}

describe('a template', () => {
  it('has its placeholders filled in, also several times', () => {
    expect(filled('{order}: {stage} ({order})', { order: 'SO-1', stage: '质检' })).toBe('SO-1: 质检 (SO-1)')
    expect(filled('no placeholder', {})).toBe('no placeholder')
    expect(filled('', {})).toBe('')
  })

  it('leaves a placeholder without a value empty, and does not fill in values', () => {
    expect(filled('{order}/{stage}', { order: '{stage}' })).toBe('{stage}/')
  })

  it('takes doubled braces as braces', () => {
    expect(filled('{{order}} {order}', { order: 'SO-1' })).toBe('{order} SO-1')
    expect(filled('{{{order}}}', { order: 'SO-1' })).toBe('{SO-1}')
  })

  it('says which placeholder is unknown, and where a brace has no counterpart', () => {
    expect(filled('{order} {owner}', {})).toEqual({ kind: 'placeholder', name: 'owner' })
    expect(filled('{ order }', {})).toEqual({ kind: 'placeholder', name: ' order ' })
    expect(filled('{}', {})).toEqual({ kind: 'placeholder', name: '' })
    expect(filled('to {order', {})).toEqual({ kind: 'brace', at: 3 })
    expect(filled('to order}', {})).toEqual({ kind: 'brace', at: 8 })
    expect(filled('{order {stage}', {})).toEqual({ kind: 'brace', at: 0 })
  })

  it('has a length without its placeholders, in characters as people count them', () => {
    const parsed = parseTemplate('😀 {order}!', names)
    expect(parsed.problem === undefined && fixedLength(parsed.parts)).toBe(3)
  })

  it('gives any text back if its braces are doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(filled(text.replace(/[{}]/g, '$&$&'), {})).toBe(text)
      }),
    )
  })
})
