import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonSteps, UnreadItem } from './read-json.ts'
import type { JsonKind } from './read-json.ts'

const read = (text: string, kind: JsonKind = 'document'): unknown => runToEnd(jsonSteps(text, kind))
const MiB = 1024 * 1024
const long = 'x'.repeat(20_000)

/** Repeated as often as it fits. */
function filled(bytes: number, unit: string, separator = ','): string {
  return Array.from({ length: Math.floor(bytes / (unit.length + separator.length)) }, () => unit).join(separator)
}

function outcome(parse: () => unknown): unknown {
  try {
    return { value: parse() }
  } catch (error) {
    return error instanceof SyntaxError ? 'not JSON' : error
  }
}

describe('JSON that is parsed in steps', () => {
  it('is what a single call makes of it, long and short texts and blanks included', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(long, `${long}\\"`, '"],}', '__proto__', '\u2028', '客'))
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(null, true, false),
        fc.array(tie('tree')),
        fc.dictionary(text, tie('tree')),
      ),
    }))
    const blanks = fc.constantFrom('', '  ', ' '.repeat(20_000))
    fc.assert(
      fc.property(fc.array(tree), blanks, (value, blank) => {
        const json = `${blank}${JSON.stringify(value, null, blank.slice(0, 2))}${blank}`
        expect(read(json)).toEqual(JSON.parse(json))
      }),
    )
  })

  it('ends a text where it ends, wherever its escapes lie', () => {
    for (let i = 0; i < 40; i++) {
      const texts = ['x'.repeat(16 * 1024 - 20 + i) + '\\"\\', `${'\\'.repeat(16 * 1024 + i)}"`]
      for (const text of texts) expect(read(JSON.stringify([text, { [text]: text }]))).toEqual([text, { [text]: text }])
    }
  })

  it('is refused where a single call refuses it', () => {
    const sound = JSON.stringify([
      { a: [1, long, { b: long }], c: [[long], [], {}] },
      long,
      -1.5e-7,
      null,
      ' '.repeat(9),
    ])
    const change = fc.constantFrom('', ',', '[', ']', '{', '}', '"', ':', '\\', ' ', '1', 'x', '\n')
    fc.assert(
      fc.property(fc.nat(sound.length), fc.nat(2), change, (at, removed, inserted) => {
        const json = `${sound.slice(0, at)}${inserted}${sound.slice(at + removed)}`
        expect(outcome(() => read(json))).toEqual(outcome(() => JSON.parse(json) as unknown))
      }),
    )
  })

  it.each([
    `[${long}]`,
    `["${long}",]`,
    `[,"${long}"]`,
    `["${long}",,1]`,
    `["${long}"}`,
    `["${long}"] 1`,
    `{"a" "${long}"}`,
    `{"${long}":}`,
    `{"a":"${long}",}`,
    `{"a":["${long}"]`,
    `["${long}`,
    '',
    ' '.repeat(20_000),
  ])('is refused if it is not JSON: case %#', (text) => {
    expect(() => read(text)).toThrow(SyntaxError)
  })

  it('does not let a key set the prototype of an object', () => {
    const value = read(`{"__proto__":{"a":"${long}"},"b":1}`)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value as object)).toEqual(['__proto__', 'b'])
  })

  it.each([
    ['empty lists', `[[${filled(MiB, '[]')}]]`],
    ['empty objects', `[{"a":[${filled(MiB, '{}')}]}]`],
    ['different keys', `[{${Array.from({ length: MiB / 16 }, (_, i) => `"k${i}":1`).join(',')}}]`],
    ['nested lists', '['.repeat(MiB) + ']'.repeat(MiB)],
    ['nested objects', '{"a":'.repeat(MiB / 6) + '1' + '}'.repeat(MiB / 6)],
    ['nested lists beside long texts', `[${`"${long}",[`.repeat(200)}${']'.repeat(201)}`],
    ['one text', `{"a":"${'x'.repeat(3 * MiB)}"}`],
    ['one key', `{"${'x'.repeat(3 * MiB)}":1}`],
  ])('is refused before all of it is parsed if it has too much: %s', (_, text) => {
    expect(() => read(text)).toThrow(/members|nested|characters/)
  })

  it('has texts as long as a holiday file may be, with escapes', () => {
    const text = 'é'.repeat(1_000_000)
    expect(read(JSON.stringify({ text: `${text}\n` }))).toEqual({ text: `${text}\n` })
    expect(read(`["${'\\n'.repeat(1_000_000)}"]`)).toEqual(['\n'.repeat(1_000_000)])
  })

  it('takes steps that do not grow with the text', () => {
    const lengths: number[] = []
    const parse = JSON.parse
    const steps = jsonSteps(`[${filled(2 * MiB, '{"a":{},"b":[[]]}')}]`, 'events')
    JSON.parse = (text: string) => {
      lengths.push(text.length)
      return parse(text) as unknown
    }
    try {
      expect(() => runToEnd(steps)).toThrow('10000 events')
    } finally {
      JSON.parse = parse
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(16 * 1024 + 2)
    expect(lengths.length).toBeGreaterThan(8)
  })
})

describe('a list of events', () => {
  const event = { id: 'e1', data: { note: 'x' } }
  const json = JSON.stringify(event)

  it.each([
    ['a list of 7 MiB', `{"data":[${filled(7 * MiB, '[]')}]}`],
    ['different keys', `{"data":{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join(',')}}}`],
    ['a thousand levels', `{"data":${'['.repeat(1_000)}${']'.repeat(1_000)}}`],
    ['a million levels', `{"data":${'['.repeat(MiB)}${']'.repeat(MiB)}}`],
    ['a list in place of an event', `[${filled(MiB, '"]"')}]`],
    ['a text in place of an event', `"${'x'.repeat(7 * MiB)}"`],
  ])('keeps the other events if one cannot be an event: %s', (_, item) => {
    for (const body of [`[${json},${item},${json}]`, `{"events":[${json},${item},${json}]}`]) {
      const value = read(body, 'events')
      const events = Array.isArray(value) ? value : (value as { events: unknown[] }).events
      expect(events).toEqual([event, new UnreadItem(item.slice(0, 64 * 1024)), event])
    }
  })

  it('may be as large as a request may be', () => {
    const events = Array.from({ length: 10_000 }, (_, i) => ({
      ...event,
      id: `e${i}`,
      data: { note: 'x'.repeat(750) },
    }))
    expect(read(JSON.stringify(events), 'events')).toEqual(events)
    expect(() => read(JSON.stringify([...events, event]), 'events')).toThrow('10000 events')
  })

  it('is refused if there is much beside it', () => {
    expect(() => read(`{"events":[${json}],"x":"${'x'.repeat(MiB)}"}`, 'events')).toThrow('must be shorter')
    const list = filled(MiB / 2, JSON.stringify({ ...event, pad: long }))
    expect(() => read(`{"x":{"events":[${list}]}}`, 'events')).toThrow('must be shorter')
  })
})
