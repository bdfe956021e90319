import { expect, it } from 'vitest'
import { noticeFor } from './notice.tsx'

it('a revoked right covers the screen, with or without numbers on it', () => {
  expect(noticeFor('unauthorized', true)).toBe('unauthorized')
  expect(noticeFor('forbidden', false)).toBe('unauthorized')
})

it('a missing board covers an empty screen only', () => {
  expect(noticeFor('unknown_board', false)).toBe('unknownBoard')
  expect(noticeFor('not_found', false)).toBe('unknownSite')
  expect(noticeFor('invalid_field', false)).toBe('badRecording')
  expect(noticeFor('unknown_board', true)).toBeUndefined()
})

it('temporary problems show no notice', () => {
  expect(noticeFor('not_ready', false)).toBeUndefined()
  expect(noticeFor(undefined, false)).toBeUndefined()
})
