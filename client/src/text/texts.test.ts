import { problemCodes } from '@stagewatch/shared/contract/problem.ts'
import { describe, expect, it } from 'vitest'
import { deskEn } from './desk-en.ts'
import { deskZhCn } from './desk-zh-cn.ts'
import { en } from './en.ts'
import { firstEventCommands } from './first-event.ts'
import { localName, pickLanguage } from './language.ts'
import { zhCn } from './zh-cn.ts'

type Texts = { readonly [key: string]: string | Texts }

function entries(texts: Texts, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, text]): [string, string][] =>
    typeof text === 'string' ? [[path + key, text]] : entries(text, `${path}${key}.`),
  )
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted((a, b) => a.localeCompare(b))

const english = { ...en, desk: deskEn }
const chinese = { ...zhCn, desk: deskZhCn }

describe('the texts of both languages', () => {
  it('have the same keys, and none is empty', () => {
    expect(entries(chinese).map(([key]) => key)).toEqual(entries(english).map(([key]) => key))
    expect([...entries(english), ...entries(chinese)].filter(([, text]) => text === '')).toEqual([])
  })

  it('take the same figures', () => {
    const texts = new Map(entries(chinese))
    for (const [key, text] of entries(english)) {
      expect([key, placeholders(texts.get(key) ?? '')]).toEqual([key, placeholders(text)])
    }
  })

  it('explain every problem code', () => {
    expect(Object.keys(en.problem)).toEqual([...problemCodes])
  })
})

describe('the language', () => {
  it('is the one asked for, else the one of the browser, else English', () => {
    expect(pickLanguage('zh', 'en-US')).toBe('zh')
    expect(pickLanguage(null, 'zh-CN')).toBe('zh')
    expect(pickLanguage('fr', 'fr')).toBe('en')
  })

  it('of a name that nobody has translated is the other one', () => {
    expect(localName({ zh: '', en: 'Packing' }, 'zh')).toBe('Packing')
  })
})

it('the first event is one that the log accepts', () => {
  const { event, key } = firstEventCommands('http://127.0.0.1:4000', 'main', Date.parse('2026-06-09T06:26:02.345Z'))
  expect(key).toContain('--site main')
  expect(event).toContain('"occurredAt":"2026-06-09T06:26:02Z"')
})
