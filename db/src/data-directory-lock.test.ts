import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataDirectoryInUseError, lockDataDirectory } from './data-directory-lock.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-lock-'))
  file = join(directory, 'stagewatch.lock')
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** What the lock says of its holder. */
async function written(): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'))
}

/** No process has this pid: Linux gives at most 2²². */
const noPid = 2 ** 22 + 1

describe('the lock of a data directory', () => {
  it('names its holder until it is released, and its owner alone can read it', async () => {
    const lock = await lockDataDirectory(directory)
    expect(await written()).toMatchObject({ pid: process.pid, token: lock.token })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await lock.announce('http://127.0.0.1:4000')
    expect(await written()).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4000' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await lock.release()
    expect(await readdir(directory)).toEqual([])
  })

  it('is refused while its holder lives', async () => {
    const lock = await lockDataDirectory(directory)
    await lock.announce('http://127.0.0.1:4000')
    const second = lockDataDirectory(directory)
    await expect(second).rejects.toThrow(DataDirectoryInUseError)
    await expect(second).rejects.toThrow(`in use by process ${process.pid}, serving on http://127.0.0.1:4000`)
    expect(await readdir(directory)).toEqual(['stagewatch.lock'])
  })

  it('goes to one of many that ask at the same time', async () => {
    await writeFile(file, JSON.stringify({ pid: noPid, startedAt: '1', token: 'old' }))
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataDirectory(directory)))
    const got = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value.token] : []))
    expect(got).toHaveLength(1)
    expect(await written()).toMatchObject({ token: got[0] })
    expect(await readdir(directory)).toEqual(['stagewatch.lock'])
  })

  it.each([
    ['whose process has died', JSON.stringify({ pid: noPid, startedAt: '1', token: 'old' })],
    [
      'whose process number another process has now',
      JSON.stringify({ pid: process.pid, startedAt: '1', token: 'old' }),
    ],
    ['that was cut off', '{"pid": 12'],
    ['that is empty', ''],
  ])('is taken over from a lock %s', async (_which, text) => {
    await writeFile(file, text)
    const lock = await lockDataDirectory(directory)
    expect(await readFile(file, 'utf8')).toContain(lock.token)
    expect(await readdir(directory)).toEqual(['stagewatch.lock'])
  })
})
