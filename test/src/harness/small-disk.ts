import { execFile } from 'node:child_process'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Only Linux has in-memory file systems that can be resized, and only root may mount them. */
export const canMountDisks = process.platform === 'linux' && process.getuid?.() === 0

export interface SmallDisk {
  readonly directory: string
  /** Shrinks the disk so that this much space is left free. */
  leave(bytes: number): Promise<void>
  /** Restores the original size. */
  enlarge(): Promise<void>
  /** Remounts it, so that nothing can be written any more. */
  makeReadOnly(): Promise<void>
  close(): Promise<void>
}

/** Mounts a separate disk, which uses memory only for what is written. @param owner user id of its folder. */
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
    async makeReadOnly() {
      await run('mount', ['-o', 'remount,ro', directory])
    },
    async close() {
      await run('umount', ['--lazy', directory])
      await rm(directory, { recursive: true, force: true })
    },
  }
}
