/** A test file as it ran on PostgreSQL. */
export interface MeasuredFile {
  readonly name: string
  readonly durationMs: number
  /** Whether it tests what differs between the databases, whatever its statements. */
  readonly isDependent: boolean
  readonly statements: ReadonlySet<string>
}

/**
 * Chooses files that together run every statement that any file runs: dependent ones and those without a recording
 * first, then whichever adds the most statements for its time.
 * @returns `repeated`: the others, all of whose statements are run by those that are kept.
 */
export function chooseFiles(files: readonly MeasuredFile[]): {
  readonly kept: readonly MeasuredFile[]
  readonly repeated: readonly MeasuredFile[]
} {
  const kept = files.filter(isKept)
  const run = new Set(kept.flatMap(({ statements }) => [...statements]))
  let repeated = files.filter((file) => !isKept(file))
  for (;;) {
    const [best] = repeated
      .map((file) => ({ file, added: file.statements.difference(run).size }))
      .filter(({ added }) => added > 0)
      .toSorted((a, b) => b.added / b.file.durationMs - a.added / a.file.durationMs)
    if (best === undefined) return { kept, repeated }
    kept.push(best.file)
    repeated = repeated.filter((file) => file !== best.file)
    for (const statement of best.file.statements) run.add(statement)
  }
}

function isKept({ isDependent, statements }: MeasuredFile): boolean {
  return isDependent || statements.size === 0
}
