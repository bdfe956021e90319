import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const ofWall = ['dark-tokens.css', 'day-tokens.css'] as const
const ofDesk = ['light-tokens.css', 'desk-dark-tokens.css'] as const

/** The colours of a style sheet, by name. */
function tokensOf(file: string): Map<string, string> {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  return new Map(Array.from(text.matchAll(/--([\w-]+): (#[\da-f]{6});/g), ([, name, colour]) => [name!, colour!]))
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** WCAG 2.2, contrast ratio: 4.5 for text, 3 for large text and for meaningful graphics. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

/** The contrast of two colours of a style sheet, given by name. */
function contrastsOf(file: string): (one: string, other: string) => number {
  const tokens = tokensOf(file)
  return (one, other) => contrast(tokens.get(one)!, tokens.get(other)!)
}

describe.each(ofWall)('the colours of %s', (file) => {
  const between = contrastsOf(file)

  it.each(['bg', 'surface', 'raised'])('let text be read on %s', (ground) => {
    expect(between('text', ground)).toBeGreaterThanOrEqual(4.5)
    expect(between('text-2', ground)).toBeGreaterThanOrEqual(4.5)
    // Notes are at least 24 px, which is large text.
    expect(between('text-3', ground)).toBeGreaterThanOrEqual(3)
  })

  it.each(['overdue', 'risk', 'stalled', 'hold', 'ok', 'data'])('let the mark %s be seen', (mark) => {
    expect(between(mark, 'bg')).toBeGreaterThanOrEqual(3)
    expect(between(mark, 'surface')).toBeGreaterThanOrEqual(4.5)
  })

  it('let the number of every heat class be read', () => {
    for (const heat of [0, 1, 2, 3, 4, 5]) expect(between(`heat-text-${heat}`, `heat-${heat}`)).toBeGreaterThan(4.5)
  })

  it('let the words of tags and of the cut bar be read', () => {
    expect(between('ink', 'overdue')).toBeGreaterThanOrEqual(4.5)
    expect(between('ink', 'text')).toBeGreaterThanOrEqual(7)
  })
})

describe.each(ofDesk)('the colours of %s', (file) => {
  const between = contrastsOf(file)

  it.each(['bg', 'surface', 'raised', 'accent-soft'])('let text, links and states be read on %s', (ground) => {
    const texts = ['text', 'text-2', 'text-3', 'accent', 'overdue', 'risk', 'stalled', 'hold', 'ok']
    expect(texts.filter((text) => !(between(text, ground) >= 4.5))).toEqual([])
  })

  it.each(['bg', 'surface'])('let borders of controls, bars and lines be seen on %s', (ground) => {
    const marks = ['line-strong', 'data', 'data-2', 'overdue-fill']
    expect(marks.filter((mark) => !(between(mark, ground) >= 3))).toEqual([])
  })

  it('tell a bar from the track that it fills', () => {
    expect(between('data', 'line')).toBeGreaterThanOrEqual(3)
    expect(between('overdue', 'line')).toBeGreaterThanOrEqual(3)
  })

  it('let the number of every heat class be read', () => {
    for (const heat of [0, 1, 2, 3, 4, 5]) expect(between(`heat-text-${heat}`, `heat-${heat}`)).toBeGreaterThan(4.5)
  })

  it.each([
    ['ok', 'chip-ok'],
    ['text-2', 'chip-ok'],
    ['text-3', 'chip-ok'],
    ['accent', 'chip-ok'],
    ['chip-risk-text', 'chip-risk'],
    ['overdue', 'chip-overdue'],
    ['text-2', 'chip-overdue'],
    ['stalled', 'chip-stalled'],
    ['hold', 'chip-hold'],
    ['surface', 'text'],
    ['ink', 'accent'],
    ['ink', 'accent-deep'],
    ['ink', 'overdue'],
  ])('let %s be read on %s', (text, ground) => {
    expect(between(text, ground)).toBeGreaterThanOrEqual(4.5)
  })
})
