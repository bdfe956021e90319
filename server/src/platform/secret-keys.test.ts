import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SealedSecretError, SecretBox } from './secret-box.ts'
import { keyFileName, parseSecretKeys, SecretKeys } from './secret-keys.ts'

const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

describe('a sealed secret', () => {
  it('opens at its place only, with its key only, and not when a bit of it has changed', () => {
    const box = new SecretBox([a])
    const sealed = box.seal('s3cret', 'channel:main:1')
    expect(sealed).not.toContain('s3cret')
    expect(box.open(sealed, 'channel:main:1')).toBe('s3cret')
    expect(box.seal('s3cret', 'channel:main:1')).not.toBe(sealed)
    const changed = sealed.slice(0, -3) + (sealed.endsWith('AAA') ? 'BBB' : 'AAA')
    expect(() => box.open(sealed, 'channel:main:2')).toThrow(SealedSecretError)
    expect(() => box.open(changed, 'channel:main:1')).toThrow(SealedSecretError)
    expect(() => new SecretBox([b]).open(sealed, 'channel:main:1')).toThrow(SealedSecretError)
    const both = new SecretBox([b, a])
    expect([both.open(sealed, 'channel:main:1'), both.isCurrent(sealed)]).toEqual(['s3cret', false])
  })
})

describe('the key of an embedded database', () => {
  let directory: string
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'stagewatch-keys-'))))
  afterEach(() => rm(directory, { recursive: true }))

  it('is made once, for its owner only, and replaced with everything that it has sealed', async () => {
    const path = join(directory, keyFileName)
    const keys = new SecretKeys({ directory })
    const first = await keys.box()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await new SecretKeys({ directory }).box()).keyId).toBe(first.keyId)
    const sealed = first.seal('s3cret', 'x')
    let resealed = ''
    await keys.rotate(async (box) => {
      resealed = box.seal(box.open(sealed, 'x'), 'x')
    })
    const after = await new SecretKeys({ directory }).box()
    expect(after.open(resealed, 'x')).toBe('s3cret')
    expect(() => after.open(sealed, 'x')).toThrow(SealedSecretError)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await keys.box()).keyId).toBe(after.keyId)
  })

  it('stays beside the new one when not everything could be stored anew', async () => {
    const keys = new SecretKeys({ directory })
    const sealed = (await keys.box()).seal('s3cret', 'x')
    await expect(keys.rotate(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
    expect((await new SecretKeys({ directory }).box()).open(sealed, 'x')).toBe('s3cret')
    expect(parseSecretKeys(await readFile(join(directory, keyFileName), 'utf8'))).toHaveLength(2)
  })

  it('is asked for where several servers share a database', async () => {
    await expect(new SecretKeys({}).box()).rejects.toMatchObject({ code: 'secrets_key_missing' })
    expect(() => parseSecretKeys('too-short')).toThrow('32 bytes')
  })
})
