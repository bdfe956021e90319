import { expect, test } from 'vitest'
import { maxTexts, TextCache } from './text-cache.ts'

function decode(cache: TextCache, text: string): string {
  const bytes = Buffer.from(`<${text}>`)
  return cache.decode(bytes, 1, bytes.length - 1)
}

test('decodes every text as it is, whether it is cached, too many or too long', () => {
  const cache = new TextCache()
  const texts = Array.from({ length: maxTexts + 100 }, (_, i) => `客户 ${i}`)
  for (const text of [...texts, ...texts, '长'.repeat(200)]) expect(decode(cache, text)).toBe(text)
})

test('keeps no more texts than its bound', () => {
  const cache = new TextCache()
  for (let i = 0; i < 2 * maxTexts; i++) decode(cache, `order ${i}`)
  expect(cache.size).toBeLessThanOrEqual(maxTexts)
  expect(cache.size).toBeGreaterThan(maxTexts / 2)
})
