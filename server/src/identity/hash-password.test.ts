import { expect, it } from 'vitest'
import { hashPassword, verifyPassword } from './hash-password.ts'

it('a password is known by its hash', async () => {
  const hash = await hashPassword('correct horse')
  expect(await verifyPassword({ hash, password: 'correct horse' })).toBe(true)
  expect(await verifyPassword({ hash, password: 'correct house' })).toBe(false)
})

it('two are hashed at a time, twenty wait, and whoever comes then is sent away for a second', async () => {
  // A value that is not a hash is refused without any work, but waits its turn.
  const attempts = Array.from({ length: 24 }, () => verifyPassword({ hash: 'none', password: 'x' }))
  const results = await Promise.allSettled(attempts)
  const reasons = results.map((result) => (result.status === 'rejected' ? (result.reason as unknown) : undefined))
  const tooMany = { status: 'TOO_MANY_REQUESTS', headers: { 'retry-after': '1' } }
  expect(reasons.slice(22)).toMatchObject([tooMany, tooMany])
  for (const reason of reasons.slice(0, 22)) expect(reason).not.toMatchObject({ status: 'TOO_MANY_REQUESTS' })
  await expect(verifyPassword({ hash: 'none', password: 'x' })).rejects.not.toMatchObject(tooMany)
})
