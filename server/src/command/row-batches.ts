import type { CsvRecord } from '../source/file/open-csv.ts'
import type { FileEvent } from '../source/file/file-event.ts'

/** A row on its way to the server. */
export interface SentRow {
  readonly record: CsvRecord
  readonly event: FileEvent
}

const maxRows = 5000
/** A request may have 8 MiB; a character takes at most three bytes, or two when JSON escapes it. */
const maxCharacters = 2 * 1024 * 1024
/** Of the field names and of what is not in the row. */
const charactersPerEvent = 250

/** Gathers rows into requests, of which one is on its way while the next is being gathered. */
export class RowBatches {
  readonly #send: (rows: readonly SentRow[]) => Promise<void>
  #rows: SentRow[] = []
  #characters = 0
  #onTheWay: Promise<void> = Promise.resolve()

  constructor(send: (rows: readonly SentRow[]) => Promise<void>) {
    this.#send = send
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
    await this.#onTheWay
  }

  async #sendGathered(): Promise<void> {
    await this.#onTheWay
    if (this.#rows.length === 0) return
    const rows = this.#rows
    this.#rows = []
    this.#characters = 0
    this.#onTheWay = this.#send(rows)
    // Whoever waits next gets the error; until then it is nobody's.
    this.#onTheWay.catch(() => {})
  }
}
