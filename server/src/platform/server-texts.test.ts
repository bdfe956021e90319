import { languages } from '@stagewatch/shared/domain/locales.ts'
import { expect, it } from 'vitest'
import { serverTexts } from './server-texts.ts'

/** Every text by its key, with its placeholders, which each language may put in a different order. */
function placeholders(texts: object, path = ''): [string, string[]][] {
  return Object.entries(texts).flatMap(([key, text]: [string, object | string]) =>
    typeof text === 'string'
      ? [[path + key, [...(text.match(/\{\w+\}/g) ?? [])].toSorted()]]
      : placeholders(text, `${path}${key}.`),
  )
}

it.each(languages)('the texts of the server in %s have the keys and values of the English ones', (language) => {
  const english = placeholders(serverTexts('en'))
  expect(english.length).toBeGreaterThan(20)
  expect(placeholders(serverTexts(language))).toEqual(english)
})

it.each(languages)('no text of the server in %s is empty', (language) => {
  expect(JSON.stringify(serverTexts(language))).not.toMatch(/"\s*"[,}\]]/)
})
