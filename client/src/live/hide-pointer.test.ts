import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hidePointer } from './hide-pointer.ts'

/** The part of a page that this test needs. */
const newPage = () => ({ dataset: {} as DOMStringMap }) as HTMLElement
let isFullscreen: boolean
let moves: (() => void)[]

beforeEach(() => {
  vi.useFakeTimers()
  isFullscreen = false
  moves = []
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: isFullscreen && query === '(display-mode: fullscreen)' }))
  vi.stubGlobal('addEventListener', (type: string, heard: () => void) => {
    if (type === 'pointermove') moves.push(heard)
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test.each(['a paired screen', 'a page in full screen'])(
  'the pointer of %s is hidden when it does not move',
  (which) => {
    const page = newPage()
    isFullscreen = which === 'a page in full screen'
    hidePointer(page, which === 'a paired screen')
    vi.advanceTimersByTime(3_999)
    expect(page.dataset['pointer']).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(page.dataset['pointer']).toBe('hidden')
    for (const move of moves) move()
    expect(page.dataset['pointer']).toBeUndefined()
    vi.advanceTimersByTime(4_000)
    expect(page.dataset['pointer']).toBe('hidden')
  },
)

test('the pointer of a wall on a laptop stays visible', () => {
  const page = newPage()
  hidePointer(page, false)
  vi.advanceTimersByTime(60_000)
  expect([page.dataset['pointer'], moves]).toEqual([undefined, []])
})
