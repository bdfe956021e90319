import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { recordingFolder, root } from '../selection/recording.ts'
import type { RecordedFile, Span } from '../selection/recording.ts'

/** What a test file has executed of one script, and how long all of the test file takes. */
export interface Execution {
  readonly file: string
  readonly seconds: number
  readonly spans: readonly Span[]
}

/** What every test file executes of each source file, as `record-coverage.ts` has recorded it. */
export class CoveringTests {
  readonly #executions = new Map<string, Execution[]>()
  readonly #recordedAt = new Map<string, number>()

  /** @throws if nothing has been recorded. */
  static ofRepository(): CoveringTests {
    if (!existsSync(recordingFolder)) throw new Error('run pnpm test:record first, which records what tests execute')
    const covering = new CoveringTests()
    for (const name of readdirSync(recordingFolder)) {
      const path = join(recordingFolder, name)
      covering.add(JSON.parse(readFileSync(path, 'utf8')) as RecordedFile, statSync(path).mtimeMs)
    }
    return covering
  }

  add({ file, seconds, executed }: RecordedFile, recordedAt: number): void {
    this.#recordedAt.set(file, recordedAt)
    for (const [script, spans] of Object.entries(executed)) {
      // Scripts of pages are built ones, which no mutant changes.
      if (script.startsWith('/')) continue
      const known = this.#executions.get(script)
      if (known === undefined) this.#executions.set(script, [{ file, seconds, spans }])
      else known.push({ file, seconds, spans })
    }
  }

  /** Whether a test file was changed after its recording, or has none. */
  isOutdated(testFile: string): boolean {
    return changedAt(testFile) > (this.#recordedAt.get(testFile) ?? -Infinity)
  }

  /** Whether a source file is newer than the recordings. */
  isNewer(file: string): boolean {
    return changedAt(file) > Math.min(...this.#recordedAt.values())
  }

  /**
   * Test files that execute a place of a script, those first that execute most of the script per second.
   * @param offset undefined if the script has changed since the recording: all that execute anything of it.
   */
  testsOf(script: string, offset: number | undefined): readonly string[] {
    return rankTests(this.#executions.get(script) ?? [], offset)
  }
}

function changedAt(file: string): number {
  return statSync(join(root, file)).mtimeMs
}

/** The start of a test file with a database, which makes shorter ones not much cheaper. */
const startSeconds = 2

export function rankTests(executions: readonly Execution[], offset: number | undefined): readonly string[] {
  const amounts = new Map(executions.map(({ file, spans }) => [file, spans.reduce((sum, [a, b]) => sum + b - a, 0)]))
  // What every server executes at its start says nothing about what a test is about.
  const least = Math.min(...amounts.values())
  const valueOf = ({ file, seconds }: Execution): number =>
    ((amounts.get(file) ?? 0) - least + 1) / (seconds + startSeconds)
  return executions
    .filter(({ spans }) => offset === undefined || containsOffset(spans, offset))
    .toSorted((a, b) => valueOf(b) - valueOf(a))
    .map(({ file }) => file)
}

function containsOffset(spans: readonly Span[], offset: number): boolean {
  return spans.some(([from, to]) => from <= offset && offset < to)
}
