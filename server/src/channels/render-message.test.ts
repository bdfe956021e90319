import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dingTalkMarkdown, plainText, weComMarkdown } from './dialects.ts'
import type { Dialect } from './dialects.ts'
import { renderMessages } from './render-message.ts'
import type { MessageLimit } from './render-message.ts'
import { smsVariables } from './sms-variables.ts'

const publicUrl = 'https://board.example.com'

function message(change: Partial<ChannelMessage> = {}): ChannelMessage {
  return {
    severity: 'warning',
    title: 'Packing is late',
    lines: [],
    link: '/orders/SO-1',
    language: 'en',
    orders: ['SO-1'],
    dedupeKey: 'x',
    ...change,
  }
}

const dialects = fc.constantFrom<Dialect>(plainText, dingTalkMarkdown, weComMarkdown)
const limits = fc.record({
  unit: fc.constantFrom<MessageLimit['unit']>('bytes', 'characters'),
  max: fc.integer({ min: 150, max: 4_000 }),
})
const namesNoOrder = (text: string): boolean => !/N\d+N/.test(text)
const someMessage = fc
  .record({
    title: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter(namesNoOrder),
    lines: fc.array(fc.string({ minLength: 1, maxLength: 80 }).filter(namesNoOrder), { maxLength: 5 }),
    count: fc.integer({ min: 0, max: 300 }),
    language: fc.constantFrom<ChannelMessage['language']>('en', 'zh'),
  })
  .map(({ title, lines, count, language }) =>
    message({ title, lines, language, orders: Array.from({ length: count }, (_, i) => `N${i}N`) }),
  )

describe('what is sent', () => {
  it('fits the channel, links to everything, and says of every order its name or how many are missing', () => {
    fc.assert(
      fc.property(someMessage, limits, dialects, (one, limit, dialect) => {
        const { rendering } = renderMessages([one], { dialect, limit, publicUrl })
        const length = limit.unit === 'bytes' ? Buffer.byteLength(rendering.text) : Array.from(rendering.text).length
        expect(length).toBeLessThanOrEqual(limit.max)
        expect(rendering.text).toContain(`${publicUrl}/orders/SO-1`)
        // The body follows a title and lines with arbitrary contents, but without orders.
        const named = new Set(rendering.body.match(/N\d+N/g) ?? []).size
        const missing = /(?:and (\d+) more|另有 (\d+) 单)/.exec(rendering.body)
        expect(named + Number(missing?.[1] ?? missing?.[2] ?? 0)).toBe(one.orders.length)
      }),
    )
  })

  it('as one names every order of all that went into it, and what did not fit is left for the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), limits, dialects, (waiting, limit, dialect) => {
        const [first = message(), ...others] = Array.from({ length: waiting }, (_, i) =>
          message({ title: `Late ${i}`, orders: [`SO-${i}-A`, `SO-${i}-B`] }),
        )
        const { rendering, count } = renderMessages([first, ...others], { dialect, limit, publicUrl })
        expect(count).toBeGreaterThan(0)
        const named = (index: number) => ['A', 'B'].every((part) => rendering.body.includes(`SO-${index}-${part}`))
        expect(Array.from({ length: waiting }, (_, i) => i).filter(named)).toHaveLength(count)
      }),
    )
  })
})

describe('text from outside', () => {
  const hostile = '**SO_1** <font color="warning"> [x](http://evil) `y` # z'

  it('means nothing in the Markdown of a provider', () => {
    expect(dingTalkMarkdown.escape(hostile)).toBe(
      String.raw`\*\*SO\_1\*\* &lt;font color="warning"> \[x\](http://evil) \`y\` # z`,
    )
    expect(weComMarkdown.escape(hostile)).toBe('＊＊SO_1＊＊ ＜font color="warning"＞ ［x］(http://evil) ｀y｀ ＃ z')
    expect(dingTalkMarkdown.escape('# heading')).toBe(String.raw`\# heading`)
  })

  it('holds neither addresses nor brackets in a short message, and is counted where it is too long', () => {
    const long = message({
      title: '【安和】 see https://evil.example 10.1.2.3',
      orders: Array.from({ length: 40 }, (_, i) => `SO-${i}`),
    })
    const { title, orders } = smsVariables([long])
    expect(title).toBe('安和  see')
    expect(orders).toMatch(/^SO-0, SO-1, SO-2, .*and \d+ more$/)
    expect(orders.length).toBeLessThanOrEqual(35)
  })
})
