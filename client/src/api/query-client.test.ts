import { MutationObserver, onlineManager, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it } from 'vitest'
import { newQueryClient } from './query-client.ts'

afterEach(() => onlineManager.setOnline(true))

it('without a network a query is still sent, and fails at once', async () => {
  onlineManager.setOnline(false)
  const client = newQueryClient({ retry: false })
  let asked = 0
  const queryFn = () => {
    asked += 1
    return Promise.reject(new TypeError('Failed to fetch'))
  }
  await expect(client.query({ queryKey: ['health'], queryFn })).rejects.toThrow('Failed to fetch')
  expect(asked).toBe(1)
})

it('without a network a mutation fails at once and is not sent when the network is back', async () => {
  onlineManager.setOnline(false)
  const client = newQueryClient()
  client.mount()
  let sent = 0
  const mutationFn = () => {
    sent += 1
    return Promise.reject(new TypeError('Failed to fetch'))
  }
  const change = new MutationObserver(client, { mutationFn })
  await expect(change.mutate()).rejects.toThrow('Failed to fetch')
  expect(sent).toBe(1)
  onlineManager.setOnline(true)
  await client.resumePausedMutations()
  expect(sent).toBe(1)
  client.unmount()
})

it('active queries are refetched when the network is back', async () => {
  const client = newQueryClient({ retry: false })
  client.mount()
  let asked = 0
  const observer = new QueryObserver(client, { queryKey: ['health'], queryFn: () => ++asked })
  const leave = observer.subscribe(() => undefined)
  await expect.poll(() => asked).toBe(1)
  onlineManager.setOnline(false)
  onlineManager.setOnline(true)
  await expect.poll(() => asked).toBe(2)
  leave()
  client.unmount()
})
