import type { FileEvent } from '../files/file-event.ts'
import type { TableRecord } from '../tables/table-file.ts'

/** A row on its way to the server. */
export interface SentRow {
  readonly record: TableRecord
  readonly event: FileEvent
}

const maxRows = 5000
/** A request may have 8 MiB; a character takes at most three bytes, or two when JSON escapes it. */
const maxCharacters = 2 * 1024 * 1024
/** Of the field names and of what is not in the row. */
const charactersPerEvent = 250

/** The server reads the second while it stores the first. */
const maxInFlight = 2

interface Batch<Answer> {
  readonly rows: readonly SentRow[]
  readonly answer: Promise<Answer>
}

/** Gathers rows into requests, of which two are on their way while the next is being gathered. */
export class RowBatches<Answer> {
  readonly #send: (rows: readonly SentRow[]) => Promise<Answer>
  readonly #settle: (rows: readonly SentRow[], answer: Answer) => Promise<void>
  #rows: SentRow[] = []
  #characters = 0
  readonly #onTheWay: Batch<Answer>[] = []

  /** @param settle gets the answers in the order of the rows. */
  constructor(
    send: (rows: readonly SentRow[]) => Promise<Answer>,
    settle: (rows: readonly SentRow[], answer: Answer) => Promise<void>,
  ) {
    this.#send = send
    this.#settle = settle
  }

  /** Waits while there is too much to be sent. @throws what sending threw. */
  async add(row: SentRow): Promise<void> {
    const length = row.record.cells.reduce((sum, cell) => sum + cell.length, charactersPerEvent)
    if (this.#rows.length === maxRows || this.#characters + length > maxCharacters) await this.#sendGathered()
    this.#rows.push(row)
    this.#characters += length
  }

  /** Resolves when everything was sent. */
  async finish(): Promise<void> {
    await this.#sendGathered()
    while (this.#onTheWay.length > 0) await this.#settleOldest()
  }

  async #sendGathered(): Promise<void> {
    if (this.#onTheWay.length === maxInFlight) await this.#settleOldest()
    if (this.#rows.length === 0) return
    const rows = this.#rows
    this.#rows = []
    this.#characters = 0
    const answer = this.#send(rows)
    // Whoever settles it gets the error; until then it is nobody's.
    answer.catch(() => {})
    this.#onTheWay.push({ rows, answer })
  }

  /** One that failed stays the oldest, so that nothing is sent after it. */
  async #settleOldest(): Promise<void> {
    const [oldest] = this.#onTheWay
    if (oldest === undefined) return
    await this.#settle(oldest.rows, await oldest.answer)
    this.#onTheWay.shift()
  }
}
