import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepsForever, lastingStorage, openInPlace } from './page-storage.ts'

let visited: string[]

beforeEach(() => {
  visited = []
  const history = {
    state: null as unknown,
    replaceState(state: unknown, _title: string, address?: string) {
      history.state = structuredClone(state)
      if (address !== undefined) visited.push(`renamed ${address}`)
    },
  }
  vi.stubGlobal('history', history)
  vi.stubGlobal('location', {
    replace: (address: string) => visited.push(`replaced ${address}`),
    reload: () => visited.push('reloaded'),
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

/** A storage with a limited number of characters. */
function stubStorage(room: number): Map<string, string> {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    removeItem: (name: string) => kept.delete(name),
    setItem(name: string, text: string) {
      if (text.length > room) throw new DOMException('full', 'QuotaExceededError')
      kept.set(name, text)
    },
  })
  return kept
}

describe('data that a page stores', () => {
  it('is in the storage of the browser where there is one', () => {
    const kept = stubStorage(100)
    lastingStorage.set('key', 'a')
    expect(kept.get('key')).toBe('a')
    expect(lastingStorage.get('key')).toBe('a')
    lastingStorage.remove('key')
    expect(lastingStorage.get('key')).toBeNull()
    expect(keepsForever()).toBe(true)
    openInPlace('/wall')
    expect(visited).toEqual(['replaced /wall'])
  })

  it('is in the history entry where the browser has blocked storage, and goes along to the next page', () => {
    const blocked = () => {
      throw new DOMException('blocked', 'SecurityError')
    }
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: blocked })
    expect(lastingStorage.get('key')).toBeNull()
    lastingStorage.set('key', 'a')
    lastingStorage.set('other', 'b')
    expect(lastingStorage.get('key')).toBe('a')
    lastingStorage.remove('key')
    expect(lastingStorage.get('key')).toBeNull()
    expect(lastingStorage.get('other')).toBe('b')
    expect(keepsForever()).toBe(false)
    // Chromium lets a page without storage access remove an item that does not exist.
    vi.stubGlobal('localStorage', {
      setItem() {
        throw new DOMException('denied', 'SecurityError')
      },
      removeItem: () => undefined,
    })
    expect(keepsForever()).toBe(false)
    openInPlace('/fallback.html')
    expect(visited).toEqual(['renamed /fallback.html', 'reloaded'])
    stubStorage(100)
  })

  it('is the newest also when the storage has become full', () => {
    stubStorage(5)
    lastingStorage.set('key', 'short')
    lastingStorage.set('key', 'too long for it')
    expect(lastingStorage.get('key')).toBe('too long for it')
    lastingStorage.set('key', 'again')
    expect(lastingStorage.get('key')).toBe('again')
    lastingStorage.remove('key')
    expect(lastingStorage.get('key')).toBeNull()
  })
})
