import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes a file for one test into a folder that goes with it, and gives its path. */
export function writtenFile(content: string | Uint8Array, name = 'events.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'stagewatch-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
