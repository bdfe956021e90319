import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const files = ['dark-tokens.css', 'day-tokens.css'] as const

/** The colours of a style sheet by name. */
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

/** WCAG 2.2, contrast ratio: 4.5 for text, 3 for large text and for shapes that carry a meaning. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

describe.each(files)('the colours of %s', (file) => {
  const tokens = tokensOf(file)
  const between = (one: string, other: string) => contrast(tokens.get(one)!, tokens.get(other)!)

  it.each(['bg', 'surface', 'raised'])('let text be read on %s', (ground) => {
    expect(between('text', ground)).toBeGreaterThanOrEqual(4.5)
    expect(between('text-2', ground)).toBeGreaterThanOrEqual(4.5)
    // Notes are never set below 24 px, which is large text.
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
