import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { restrictToOwner, dataDirectoryProblem, freeBytes, makeDataDirectory } from './data-directory.ts'

let parent: string
let directory: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'stagewatch-directory-'))
  directory = join(parent, 'data')
})
afterEach(() => rm(parent, { recursive: true, force: true }))

const modeOf = async (...path: string[]) => (await stat(join(directory, ...path))).mode & 0o1777

/** A directory as created by an older version. */
async function openToAll(): Promise<void> {
  await mkdir(join(directory, 'pglite', 'base'), { recursive: true })
  await writeFile(join(directory, 'pglite', 'base', '1'), '')
  await writeFile(join(directory, 'stagewatch.lock'), '')
  for (const path of ['', 'pglite', 'pglite/base', 'pglite/base/1', 'stagewatch.lock'])
    await chmod(join(directory, path), 0o777)
}

describe.skipIf(process.platform === 'win32')('a data directory', () => {
  it('is made for its owner only', async () => {
    await makeDataDirectory(directory)
    expect(await modeOf()).toBe(0o700)
    expect(await freeBytes(directory)).toBeGreaterThan(0)
  })

  it('that others could enter is closed to them, with everything in it', async () => {
    await openToAll()
    expect(await dataDirectoryProblem(directory)).toContain('other users of this machine may enter')
    await restrictToOwner(directory)
    for (const path of ['', 'pglite', 'pglite/base', 'pglite/base/1', 'stagewatch.lock'])
      expect([path, (await modeOf(path)) & 0o077]).toEqual([path, 0])
    expect(await dataDirectoryProblem(directory)).toBeUndefined()
  })

  it('is left as it is where it holds other things, except for what is ours in it', async () => {
    await openToAll()
    const other = join(directory, 'photos')
    await mkdir(other)
    await chmod(other, 0o755)
    await symlink(other, join(directory, 'pglite', 'link'))
    await restrictToOwner(directory)
    expect([await modeOf(), await modeOf('photos'), await modeOf('pglite')]).toEqual([0o777, 0o755, 0o700])
    expect(await dataDirectoryProblem(directory)).toBeUndefined()
  })

  it.each([
    ['a file is in its place', (path: string) => writeFile(path, '')],
    ['a file is in the place of its parent', (path: string) => writeFile(path, '').then(() => join(path, 'data'))],
  ])('is refused in one sentence when %s', async (_, arrange) => {
    const asked = (await arrange(directory)) ?? directory
    await expect(makeDataDirectory(asked)).rejects.toThrow(
      `DATA_DIR: ${asked} must be a folder, and a file is in its place`,
    )
  })
})
