import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openConnection } from './open-connection.ts'
import { readWallAddress } from './wall-address.ts'

let asked: string[]

beforeEach(() => {
  asked = []
  // A server that has not answered yet: what is asked for next waits for it.
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path.split('?', 1)[0]!)
    return new Promise(() => undefined)
  })
  vi.stubGlobal('localStorage', undefined)
  vi.stubGlobal('history', { state: null, replaceState: () => undefined })
})
afterEach(() => void vi.unstubAllGlobals())

function open(query: string) {
  const url = new URL(`http://board.example/wall${query}`)
  vi.stubGlobal('location', url)
  return openConnection(readWallAddress(url, 'en'), new QueryClient(), 'wall-1.js')
}

it('a wall asks for its board at once, before it knows the site of its socket', () => {
  const { live } = open('')
  expect(asked.toSorted()).toEqual(['/api/v1/board', '/api/v1/start'])
  expect(live.connection.get().link.status).not.toBe('unpaired')
  expect(live.query.enabled).toBeUndefined()
})

it('a wall of a recording fetches no board, since a socket tells the past', () => {
  const { live } = open('?recording=2026-11-24T08:00:00Z/2026-11-24T16:00:00Z')
  expect(asked).toEqual(['/api/v1/start'])
  expect(live.query.enabled).toBe(false)
})

it('a screen that is to be paired asks for nothing', () => {
  const { live } = open('?pair')
  expect(asked).toEqual([])
  expect(live.connection.get().link.status).toBe('unpaired')
})
