import { execFile } from 'node:child_process'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Only Linux has file systems in memory whose size can be changed, and only its root may mount them. */
export const canMountDisks = process.platform === 'linux' && process.getuid?.() === 0

export interface SmallDisk {
  readonly directory: string
  /** Makes it so small that so much is left free. */
  leave(bytes: number): Promise<void>
  /** Gives it its first size again. */
  enlarge(): Promise<void>
  close(): Promise<void>
}

/** A disk of its own; nothing of it is used before something is written. @param owner user id of its folder. */
export async function mountSmallDisk(bytes: number, owner = 0): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'stagewatch-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},uid=${owner},mode=0700`, 'tmpfs', directory])
  const resize = async (size: number): Promise<void> => {
    await run('mount', ['-o', `remount,size=${size}`, directory])
  }
  return {
    directory,
    async leave(free) {
      const { blocks, bfree, bsize } = await statfs(directory)
      await resize((blocks - bfree) * bsize + free)
    },
    enlarge: () => resize(bytes),
    async close() {
      await run('umount', ['--lazy', directory])
      await rm(directory, { recursive: true, force: true })
    },
  }
}
