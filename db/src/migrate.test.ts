import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterAll, describe, it } from 'vitest'
import { migratePostgresql } from './migrate.ts'
import { UnusableDatabaseError } from './unusable-database.ts'

const silent = createServer((socket) => socket.on('error', () => undefined))
afterAll(() => silent.close())

async function refusalOf(url: string): Promise<{ error: unknown; tookMs: number }> {
  const begunAt = performance.now()
  const error: unknown = await migratePostgresql(url).then(
    () => 'migrated',
    (thrown: unknown) => thrown,
  )
  return { error, tookMs: performance.now() - begunAt }
}

// Concurrent, because each test waits for most of its time limit.
describe.concurrent('a database host at which there is none is named within five seconds', () => {
  it.for([
    ['nothing listens', '127.0.0.1:1', 'nothing listens there'],
    ['the name does not exist', 'no-such-host.invalid:5432', /no such host|cannot be looked up/],
    ['none of several answers', '127.0.0.1:1,127.0.0.1:2', '127.0.0.1:1, 127.0.0.1:2'],
  ] as const)('%s', async ([_, hosts, words], { expect }) => {
    const { error, tookMs } = await refusalOf(`postgres://user:secret@${hosts}/board`)
    expect(error).toBeInstanceOf(UnusableDatabaseError)
    expect(String(error)).toMatch(words)
    expect(String(error)).toContain(`DATABASE_URL: no PostgreSQL at ${hosts.replace(',', ', ')} can be used`)
    expect(String(error)).not.toContain('secret')
    expect(tookMs).toBeLessThan(5_000)
  })

  it('somebody listens and says nothing', async ({ expect }) => {
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const { error, tookMs } = await refusalOf(`postgres://user@${host}/board`)
    expect(String(error)).toContain(`no PostgreSQL at ${host} can be used (no answer`)
    expect(tookMs).toBeLessThan(5_000)
  })
})
