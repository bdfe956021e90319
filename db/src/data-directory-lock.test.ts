import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataDirectoryInUseError, lockDataDirectory } from './data-directory-lock.ts'

let directory: string
let file: string
const children: ChildProcess[] = []
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stagewatch-lock-'))
  file = join(directory, 'stagewatch.lock')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

/** Content of the holder file in the directory. */
async function written(folder = directory): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, 'stagewatch.lock'), 'utf8'))
}

const lockModule = fileURLToPath(new URL('data-directory-lock.ts', import.meta.url))
/** Locks the directory, prints `held` or the error, and keeps running. */
const holding = `
  const { lockDataDirectory } = await import(${JSON.stringify(lockModule)})
  await lockDataDirectory(process.argv[1]).then(() => console.log('held'), (error) => console.log(error.name))
  setInterval(() => undefined, 60_000)`

/** Another process that requests the lock. @param wrap A program that runs it. */
async function otherProcess(wrap: readonly string[] = []): Promise<{ child: ChildProcess; said: string }> {
  const command = [...wrap, process.execPath, '--input-type=module', '--eval', holding, directory]
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [said] = await once(child.stdout, 'data')
  return { child, said: String(said).trim() }
}

describe('the lock of a data directory', () => {
  it('names its holder until it is released, and its owner alone can read it', async () => {
    const lock = await lockDataDirectory(directory)
    expect(await written()).toMatchObject({ pid: process.pid, host: hostname(), token: lock.token })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await lock.announce('http://127.0.0.1:4000')
    expect(await written()).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4000' })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await lock.release()
    expect(await readdir(directory)).toEqual(['stagewatch.mutex'])
  })

  it('is refused while its holder lives', async () => {
    const lock = await lockDataDirectory(directory)
    await lock.announce('http://127.0.0.1:4000')
    const second = lockDataDirectory(directory)
    await expect(second).rejects.toThrow(DataDirectoryInUseError)
    await expect(second).rejects.toThrow(`in use by process ${process.pid}, serving on http://127.0.0.1:4000`)
    expect(await readdir(directory)).toEqual(['stagewatch.lock', 'stagewatch.mutex'])
    await lock.release()
  })

  it('is not taken by its holder from the next one', async () => {
    const first = await lockDataDirectory(directory)
    await first.release()
    const second = await lockDataDirectory(directory)
    await first.release()
    expect(await written()).toMatchObject({ token: second.token })
    await expect(lockDataDirectory(directory)).rejects.toThrow(DataDirectoryInUseError)
    await second.release()
  })

  it('is given to exactly one of many concurrent requests', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataDirectory(directory)))
    const got = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(got).toHaveLength(1)
    expect(await written()).toMatchObject({ token: got[0]?.token })
    await got[0]?.release()
  })

  it('is free at once when the process that held it was killed', async () => {
    const { child, said } = await otherProcess()
    expect(said).toBe('held')
    await expect(lockDataDirectory(directory)).rejects.toThrow(`in use by process ${child.pid}`)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    const lock = await lockDataDirectory(directory)
    expect(await written()).toMatchObject({ token: lock.token })
    await lock.release()
  })

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'holds between containers, in which every server is process 1',
    async () => {
      const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
      const first = await otherProcess(container)
      expect(first.said).toBe('held')
      expect(await written()).toMatchObject({ pid: 1 })
      expect((await otherProcess(container)).said).toBe('DataDirectoryInUseError')
      await expect(lockDataDirectory(directory)).rejects.toThrow(DataDirectoryInUseError)
      const gone = once(first.child, 'exit')
      first.child.kill('SIGKILL')
      await gone
      await expect.poll(async () => (await otherProcess(container)).said, { timeout: 10_000 }).toBe('held')
    },
  )

  it('is not copied with the files', async () => {
    const lock = await lockDataDirectory(directory)
    const copy = await mkdtemp(join(tmpdir(), 'stagewatch-copy-'))
    try {
      // The mutex as well, like a copying program in another process; here, opening and closing it would release the
      // lock.
      await cp(file, join(copy, 'stagewatch.lock'))
      await writeFile(join(copy, 'stagewatch.mutex'), '')
      const own = await lockDataDirectory(copy)
      expect(await written(copy)).toMatchObject({ token: own.token })
      await own.release()
    } finally {
      await rm(copy, { recursive: true, force: true })
    }
    await lock.release()
  })

  it.each([
    ['whose process has died', JSON.stringify({ pid: 2 ** 22 + 1, host: 'other', token: 'old' })],
    ['whose process number this process has now', JSON.stringify({ pid: process.pid, host: hostname(), token: 'old' })],
    ['that was cut off', '{"pid": 12'],
    ['that is empty', ''],
  ])('is not held by a note of a holder %s', async (_which, text) => {
    await writeFile(file, text)
    const lock = await lockDataDirectory(directory)
    expect(await readFile(file, 'utf8')).toContain(lock.token)
    await lock.release()
  })
})
