import { describe, expect, it } from 'vitest'
import { textIn, withChineseAndEnglish } from './local-text.ts'

describe('a name', () => {
  it('is shown in the language that was asked for', () => {
    expect(textIn({ zh: '包装', en: 'Packing', de: 'Verpackung' }, 'de')).toBe('Verpackung')
  })

  it('falls back to English, then to any language that it has', () => {
    expect(textIn({ zh: '包装', en: 'Packing' }, 'de')).toBe('Packing')
    expect(textIn({ zh: '', en: 'Packing' }, 'zh')).toBe('Packing')
    expect(textIn({ zh: '包装', en: '' }, 'en')).toBe('包装')
    expect(textIn({ fr: 'Emballage' }, 'de')).toBe('Emballage')
    expect(textIn({ zh: '', en: '' }, 'de')).toBe('')
  })

  it('of only one language has Chinese and English for those who read no other', () => {
    expect(withChineseAndEnglish({ de: 'Verpackung' })).toEqual({
      de: 'Verpackung',
      zh: 'Verpackung',
      en: 'Verpackung',
    })
    expect(withChineseAndEnglish({ zh: '', en: 'Packing' })).toEqual({ zh: '', en: 'Packing' })
  })
})
