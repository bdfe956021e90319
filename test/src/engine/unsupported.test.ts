import { readFileSync } from 'node:fs'
import { parse } from 'acorn'
import { describe, expect, it } from 'vitest'
import { newerThan } from './newer-features.ts'
import { unsupportedInScript, unsupportedInStyle } from './unsupported.ts'

const features = newerThan(88)
const script = (code: string) => unsupportedInScript(code, features).map(({ feature }) => feature)
const style = (css: string) => unsupportedInStyle(css, features).map(({ feature }) => feature)

describe('what a script uses that the oldest engine lacks', () => {
  it.each([
    ['rows.toSorted()', '.toSorted()'],
    ['rows.at(-1)', '.at()'],
    ['rows.findLast(isOpen)', '.findLast()'],
    ['const { promise } = Promise.withResolvers()', 'Promise.withResolvers'],
    ['Object.hasOwn(row, "id")', 'Object.hasOwn'],
    ['fetch("/", { signal: AbortSignal.timeout(5) })', 'AbortSignal.timeout'],
    ['structuredClone(row)', 'structuredClone'],
    ['globalThis.structuredClone(row)', 'structuredClone'],
    ['crypto.randomUUID()', '.randomUUID()'],
    ['one.isSubsetOf(other)', '.isSubsetOf()'],
    ['rows.values().map(double)', '.values().map()'],
    ['Temporal.Now.instant()', 'Temporal'],
    ['class A { static { start() } }', 'static block'],
    ['class A { #a; static has(b) { return #a in b } }', '#name in object'],
    ['const a = await load()', 'top-level await'],
    ['/[\\p{L}--[a-z]]/v.test(name)', 'flag v of a pattern'],
  ])('%s', (code, feature) => {
    expect(script(code)).toContain(feature)
  })

  it('leaves out what the engine has, what is asked for first, and what is declared in the script', () => {
    expect(script('text.replaceAll("a", "b"); Promise.any([a]); a ??= b?.c; class A { #b() {} }')).toEqual([])
    expect(script('Object.entries(row).map(double); [...rows.values()].map(double)')).toEqual([])
    expect(script('typeof structuredClone === "function" && structuredClone(row)')).toEqual([])
    expect(script('typeof URL.canParse === "function" ? URL.canParse(a) : b')).toEqual([])
    expect(script('element.checkVisibility?.()')).toEqual([])
    expect(script('async function f() { await load() } function Temporal() {} Temporal()')).toEqual([])
  })
})

describe('what a style sheet uses that the oldest engine lacks', () => {
  it.each([
    ['@container (width > 1px) { a { color: red } }', '@container'],
    ['@layer base { a { color: red } }', '@layer'],
    ['@media (width >= 600px) { a { color: red } }', 'media range'],
    ['a { b { color: red } }', 'nesting'],
    ['a:has(b) { color: red }', ':has'],
    ['a { height: 100dvh }', 'dvh'],
    ['a { width: 10cqi }', 'cqi'],
    ['a { color: color-mix(in srgb, red, blue) }', 'color-mix()'],
    ['a { color: oklch(50% 0.1 20) }', 'oklch()'],
    ['a { grid-template-columns: subgrid }', 'grid-template-columns subgrid'],
    ['a { overflow: clip }', 'overflow clip'],
    ['a { translate: 1px }', 'translate'],
  ])('%s', (css, feature) => {
    expect(style(css)).toContain(feature)
  })

  it('leaves out what the engine has, and what stands beside something for older ones', () => {
    expect(style('a:is(b, c) { inset: 0; gap: 1px; aspect-ratio: 1; width: max(1px, 2vw) }')).toEqual([])
    expect(style('a { height: 100vh; height: 100dvh }')).toEqual([])
    expect(style('a { font-family: ui-monospace, monospace }')).toEqual([])
    expect(style('@supports (color: oklch(0 0 0)) { a { color: oklch(50% 0.1 20) } }')).toEqual([])
  })
})

it('the script that finds out whether the engine is too old is read by any engine', () => {
  const file = new URL('../../../client/public/engine-check.js', import.meta.url)
  const read = (code: string) => () => parse(code, { ecmaVersion: 5 })
  expect(read(readFileSync(file, 'utf8'))).not.toThrow()
  expect(read('const a = 1')).toThrow('keyword')
})
