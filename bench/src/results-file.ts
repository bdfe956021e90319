import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { machine, measuredCommit } from './machine.ts'
import type { Outcome } from './row.ts'
import { isReached } from './row.ts'

const path = new URL('../results/latest.json', import.meta.url)

/** `loadBefore`: load average at the start of its run. */
type StoredRow = Outcome & {
  readonly ok?: boolean
  readonly at: string
  readonly commit: string
  readonly loadBefore: number
}

interface Results {
  readonly machine: ReturnType<typeof machine>
  readonly at: string
  readonly commit: string
  readonly rows: readonly StoredRow[]
}

/** Replaces the rows that were just measured, and keeps the others with the commits at which they were measured. */
export function saveResults(outcomes: readonly Outcome[], now: Date, loadBefore: number): void {
  const [at, commit] = [now.toISOString(), measuredCommit()]
  const measured = new Set(outcomes.map(({ id }) => id))
  const kept = storedRows().filter(({ id }) => !measured.has(id))
  const added = outcomes.map((outcome) => ({
    ...outcome,
    ...('skipped' in outcome ? {} : { ok: isReached(outcome) }),
    at,
    commit,
    loadBefore,
  }))
  const rows = [...kept, ...added].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  const results: Results = { machine: machine(), at, commit, rows }
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`)
}

function storedRows(): readonly StoredRow[] {
  if (!existsSync(path)) return []
  const stored: Results = JSON.parse(readFileSync(path, 'utf8'))
  return stored.rows
}
