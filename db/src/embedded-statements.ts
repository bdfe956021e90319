import { parse, protocol } from '@electric-sql/pglite'
import type { PGlite, Results } from '@electric-sql/pglite'
import { arrayText } from './array-text.ts'
import { parsersOfValues } from './value-parsers.ts'

/** Each takes some ten kilobytes of the engine's memory. */
export const maxPrepared = 256
/** Statements with a text for every number of rows are rarely repeated. */
const maxPreparedLength = 8_192

/** Rows as objects with the engine's types, or as arrays of the values that `parsersOfValues` describes. */
export type RowForm = 'objects' | 'values'

/** Names are never reused, because several of these objects may follow each other on one engine. */
let lastName = 0

/**
 * Runs statements on the embedded engine with one message each, and keeps those prepared that are repeated, as the
 * driver of PostgreSQL does. `PGlite.query` sends five messages for each statement, and has it parsed and planned every
 * time, which takes four times as long.
 */
export class EmbeddedStatements {
  readonly #pglite: PGlite
  /** Merged once: the engine has 300 parsers, and its option for more of them copies all for each statement. */
  readonly #valueParsers: PGlite['parsers']
  /** By text, the least recently used first; without a name if it was used only once. */
  readonly #known = new Map<string, string | undefined>()

  constructor(pglite: PGlite) {
    this.#pglite = pglite
    this.#valueParsers = { ...pglite.parsers, ...parsersOfValues }
  }

  get preparedCount(): number {
    return [...this.#known.values()].filter((name) => name !== undefined).length
  }

  /** After the transactions that wait, in a transaction of its own. */
  async runAlone<Row>(text: string, parameters: readonly unknown[], form: RowForm = 'objects'): Promise<Results<Row>> {
    /* oxlint-disable no-underscore-dangle -- the lock between transactions has no other name, and PGlite exports it */
    await this.#pglite._checkReady()
    return this.#pglite._runExclusiveTransaction(async () => {
      /* oxlint-enable no-underscore-dangle */
      const run = (): Promise<Results<Row>> => this.run<Row>(text, parameters, form)
      const result = await run().catch((error: unknown) => {
        if (!isOutdated(error)) throw error
        return run()
      })
      await this.#pglite.syncToFs()
      return result
    })
  }

  /** In the transaction that is open. */
  run<Row>(text: string, parameters: readonly unknown[], form: RowForm = 'objects'): Promise<Results<Row>> {
    return this.#pglite.runExclusive(async () => {
      const messages: Uint8Array[] = []
      const statement = this.#prepare(text, messages)
      messages.push(
        serialize.bind({ statement, values: parameters.map(parameterText) }),
        serialize.describe({ type: 'P' }),
        serialize.execute({}),
        serialize.sync(),
      )
      try {
        const answers = await this.#pglite.execProtocolStream(Buffer.concat(messages), { syncToFs: false })
        const results =
          form === 'values'
            ? parse.parseResults(answers, this.#valueParsers, { rowMode: 'array' })
            : parse.parseResults(answers, this.#pglite.parsers)
        return results[0] as Results<Row>
      } catch (error) {
        // It may not have been prepared, or may have to be prepared again because its tables were altered.
        if (statement !== '') await this.#forget(text, statement)
        throw error
      }
    })
  }

  /** @returns The name of the prepared statement, which is empty for one that is used only once. */
  #prepare(text: string, messages: Uint8Array[]): string {
    const isRepeated = this.#known.has(text)
    const known = this.#known.get(text)
    const isPreparable = isRepeated && text.length <= maxPreparedLength
    const name = known ?? (isPreparable ? `statement_${(lastName += 1)}` : '')
    this.#known.delete(text)
    this.#known.set(text, name === '' ? undefined : name)
    // First, because after an error the engine skips the rest of the message.
    if (this.#known.size > maxPrepared) this.#dropOldest(messages)
    if (known === undefined) messages.push(serialize.parse({ name, text }))
    return name
  }

  #dropOldest(messages: Uint8Array[]): void {
    const [oldest] = this.#known
    if (oldest === undefined) return
    const [text, name] = oldest
    this.#known.delete(text)
    if (name !== undefined) messages.push(serialize.close({ type: 'S', name }))
  }

  /** Closing a statement that does not exist is no error, and possible in a transaction that failed. */
  async #forget(text: string, name: string): Promise<void> {
    this.#known.delete(text)
    const messages = Buffer.concat([serialize.close({ type: 'S', name }), serialize.sync()])
    await this.#pglite.execProtocolStream(messages, { syncToFs: false })
  }
}

const { serialize } = protocol

/** Its table was altered since it was prepared, so that it would return other columns. */
function isOutdated(error: unknown): boolean {
  return error instanceof Error && 'routine' in error && error.routine === 'RevalidateCachedQuery'
}

/** The engine knows the types of parameters; it gets bytes as they are, and the text of everything else. */
function parameterText(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return arrayText(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  return JSON.stringify(value)
}
