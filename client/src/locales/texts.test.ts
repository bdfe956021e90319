import { fieldReasons } from '@stagewatch/shared/contract/field-issue.ts'
import { breakOffCodes, fileProblemCodes } from '@stagewatch/shared/contract/file-problem.ts'
import { rejectionCauses, remarkCodes } from '@stagewatch/shared/contract/import-report.ts'
import { problemCodes } from '@stagewatch/shared/contract/problem.ts'
import { findings, problemFindings } from '@stagewatch/shared/contract/server-status.ts'
import { describe, expect, it } from 'vitest'
import { authErrorCodes } from '../api/auth-error-code.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { languages, locales, pickLanguage } from '@stagewatch/shared/domain/locales.ts'
import { fileGroups, flatTexts, readTexts } from './testing/read-texts.ts'

const english = flatTexts(readTexts('en'))
const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted((a, b) => a.localeCompare(b))
const withoutPlural = (key: string) => {
  const base = key.replace(/_(zero|one|two|few|many|other)$/, '')
  return english.has(`${base}_other`) ? base : key
}
const compareKeys = (a: string, b: string) => a.localeCompare(b)

/** The plural categories that `{count}` needs in the language. */
function pluralsOf(language: keyof typeof locales): string[] {
  return new Intl.PluralRules(locales[language].tag).resolvedOptions().pluralCategories
}

describe.each(languages)('the texts in %s', (language) => {
  const texts = flatTexts(readTexts(locales[language].tag))

  it('have the same files and keys as the English ones, and none is empty', () => {
    const keys = (all: ReadonlyMap<string, string>) =>
      [...new Set([...all.keys()].map(withoutPlural))].toSorted(compareKeys)
    expect(keys(texts)).toEqual(keys(english))
    expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('take the same values as the English ones', () => {
    const ofEnglish = new Map([...english].map(([key, text]) => [withoutPlural(key), placeholders(text)]))
    for (const [key, text] of texts) expect([key, placeholders(text)]).toEqual([key, ofEnglish.get(withoutPlural(key))])
  })

  it('have every plural form of the language wherever they have one', () => {
    const plurals = new Set([...texts.keys()].filter((key) => withoutPlural(key) !== key).map(withoutPlural))
    expect(plurals.size).toBeGreaterThan(3)
    for (const key of plurals) {
      const forms = [...texts.keys()].filter((each) => each !== key && withoutPlural(each) === key)
      expect(forms.map((each) => each.slice(key.length + 1)).toSorted(compareKeys)).toEqual(
        pluralsOf(language).toSorted(compareKeys),
      )
    }
  })

  it('explain every error code, what is said of a file, and everything that can be wrong with a field', () => {
    for (const code of problemCodes) expect(texts.has(`problem.${code}`)).toBe(true)
    for (const code of authErrorCodes) expect(texts.has(`auth.${code}`)).toBe(true)
    for (const reason of fieldReasons) expect(texts.has(`fieldProblem.${reason}`)).toBe(true)
    for (const code of fileProblemCodes) expect([code, texts.has(`imports.fileProblem.${code}`)]).toEqual([code, true])
    for (const code of breakOffCodes) expect(texts.has(`imports.breakOff.${code}`)).toBe(true)
    for (const cause of rejectionCauses) expect(texts.has(`imports.rejectionCause.${cause}`)).toBe(true)
    for (const code of remarkCodes) {
      const isThere = texts.has(`imports.remark.${code}`) || texts.has(`imports.remark.${code}_other`)
      expect([code, isThere]).toEqual([code, true])
    }
  })

  it('say what each check of the server has found, and what to do about problems', () => {
    expect(findings.filter((finding) => !texts.has(`status.found.${finding}`))).toEqual([])
    expect(problemFindings.filter((finding) => !texts.has(`status.advice.${finding}`))).toEqual([])
  })

  it('name the product by its one name', () => {
    const others = /order flow|订单时效|stage ?watch(?!er)/i
    expect(
      [...texts].filter(([, text]) => others.test(text.replaceAll('Stagewatch', '').replaceAll('stagewatch ', ''))),
    ).toEqual([])
  })
})

it.each(languages)('no two files of %s have a group of the same name', (language) => {
  const groups = fileGroups(locales[language].tag)
  expect(groups.length).toBeGreaterThan(20)
  expect(groups.filter((group, place) => groups.indexOf(group) !== place)).toEqual([])
})

it('no noun follows a bare number, which would read "1 orders"', () => {
  const bare = [...english].filter(
    ([key, text]) => withoutPlural(key) === key && /\}\} (orders|days|screens)\b/.test(text),
  )
  expect(bare.filter(([, text]) => !text.includes(' of '))).toEqual([])
})

describe('the language', () => {
  it('is the one asked for, else the one of the browser, else English', () => {
    expect(pickLanguage('zh', 'en-US')).toBe('zh')
    expect(pickLanguage(null, 'zh-CN')).toBe('zh')
    expect(pickLanguage('fr', 'fr')).toBe('en')
    expect(pickLanguage('toString', 'constructor')).toBe('en')
  })

  it('of a name that nobody has translated is the other one', () => {
    expect(textIn({ zh: '', en: 'Packing' }, 'zh')).toBe('Packing')
    expect(textIn({ zh: '包装', en: '' }, 'en')).toBe('包装')
  })
})
