import { expect, it } from 'vitest'
import { WedgeScanner } from './wedge-scanner.ts'

/** Codes detected in a sequence of key presses with a gap before each. */
function found(keys: readonly string[], gapMs: number | ((place: number) => number)): string[] {
  const scanner = new WedgeScanner()
  let at = 1_000
  return keys.flatMap((key, place) => {
    at += typeof gapMs === 'number' ? gapMs : gapMs(place)
    return scanner.press({ key, at }) ?? []
  })
}

const letters = (text: string) => text.split('')
const scanned = [...letters('SO-42'), 'Enter']

it.each<readonly [string, readonly string[], number | ((place: number) => number), readonly string[]]>([
  ['a scanner', scanned, 8, ['SO-42']],
  ['two codes in a row', [...scanned, ...letters('SO-43'), 'Tab'], 8, ['SO-42', 'SO-43']],
  ['a scanner that holds Shift for capitals', ['Shift', 'S', 'Shift', 'O', '-', '4', '2', 'Enter'], 20, ['SO-42']],
  ['a scanner after somebody has typed', [...letters('ab'), ...scanned], (place) => (place < 3 ? 200 : 8), ['SO-42']],
  ['somebody who types', scanned, 90, []],
  ['somebody who presses Enter a moment after a fast word', scanned, (place) => (place === 5 ? 300 : 30), []],
  ['a few keys that are pressed together', [...letters('ab'), 'Enter'], 5, []],
  ['Enter alone', ['Enter'], 5, []],
])('%s', (_, keys, gapMs, codes) => {
  expect(found(keys, gapMs)).toEqual(codes)
})
