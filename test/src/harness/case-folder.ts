import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestOptions } from 'vitest'
import { skipUnless } from './skip.ts'

const root = resolve(import.meta.dirname, '../../..')

/** Small files from practice; tests that need them are skipped if the folder is missing. */
const caseFolder = resolve(root, process.env['STAGEWATCH_CASES'] ?? '../shared/cases')

export function caseFile(name: string, file: string): string {
  return join(caseFolder, name, file)
}

export function skipWithoutCases(): TestOptions {
  return skipUnless(existsSync(caseFolder), `files from real life (no folder ${caseFolder})`)
}
