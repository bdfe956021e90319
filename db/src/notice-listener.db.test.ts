import { expect, it } from 'vitest'
import { NoticeListener } from './notice-listener.ts'
import { createTestDatabase } from './test-database.ts'

const testServer = process.env['TEST_DATABASE_URL']

it.skipIf(testServer === undefined)('ends when it is closed while it connects', async () => {
  const { url, drop } = await createTestDatabase(testServer!)
  let closed: Promise<void> | undefined
  const listener = new NoticeListener(() => {
    closed = Promise.resolve().then(() => listener.close())
    return url
  })
  await listener.listen('some_channel', () => undefined)
  await expect(closed).resolves.toBeUndefined()
  await drop()
})
