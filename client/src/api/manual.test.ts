import { QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { hasManualQuery, manualPath } from './manual.ts'

afterEach(() => vi.unstubAllGlobals())

test('the user guide is opened in the language of the page', () => {
  expect([manualPath('en'), manualPath('zh')]).toEqual(['/manual/', '/manual/zh/'])
})

test.each([
  [{ manual: true }, true],
  [{}, false],
])('a server that says %o has a user guide: %s', async (says, expected) => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ status: 'ok', version: '1.0.0', ...says })))
  expect(await new QueryClient().query(hasManualQuery)).toBe(expected)
})
