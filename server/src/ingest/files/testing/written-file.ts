import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

/** Writes a file into a folder that is removed after the test, which must have closed the file, and returns its path. */
export function writtenFile(content: string | Uint8Array, name = 'events.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'stagewatch-file-'))
  const path = join(folder, name)
  onTestFinished(async () => {
    // An archive is closed in the background.
    await expect.poll(openPaths, { message: 'the test has closed the file' }).not.toContain(path)
    rmSync(folder, { recursive: true })
  })
  writeFileSync(path, content)
  return path
}

/** The files that this process has open, where the system tells. */
function openPaths(): string[] {
  const descriptors = '/proc/self/fd'
  if (!existsSync(descriptors)) return []
  return readdirSync(descriptors).flatMap((descriptor) => {
    try {
      return readlinkSync(join(descriptors, descriptor))
    } catch {
      // It was closed meanwhile.
      return []
    }
  })
}
