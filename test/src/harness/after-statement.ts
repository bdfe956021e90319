import type { Work } from '@stagewatch/db/database.ts'

/** A statement that the database has executed. */
interface DoneStatement {
  /** Without the quotation marks that drizzle puts around every name. */
  readonly text: string
  readonly parameters: readonly unknown[]
  readonly rowCount: number
}

/**
 * Wraps a database so that a test can run code after each statement outside of transactions, before its rows are
 * returned.
 */
export function afterStatement<Connection extends Work>(
  work: Connection,
  heard: (statement: DoneStatement) => Promise<void> | void,
): Connection {
  const tell = (text: string, parameters: readonly unknown[], rowCount: number) =>
    heard({ text: text.replaceAll('"', ''), parameters, rowCount })
  return {
    ...work,
    async query<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
      const rows = await work.query<Row>(text, parameters)
      await tell(text, parameters, rows.length)
      return rows
    },
    async values(text: string, parameters: readonly unknown[] = []) {
      const result = await work.values(text, parameters)
      await tell(text, parameters, result.rows.length)
      return result
    },
  }
}
