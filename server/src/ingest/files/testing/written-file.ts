import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes a file into a folder that is removed after the test, and returns its path. */
export function writtenFile(content: string | Uint8Array, name = 'events.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'stagewatch-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
