import type { ImportReport, PreviewRow } from '@stagewatch/shared/contract/import-report.ts'
import { reportLimits } from '@stagewatch/shared/contract/import-report.ts'
import type { FileEvent } from '../files/file-event.ts'
import type { Rejection } from '../tables/rejection.ts'
import type { TableRecord } from '../tables/table-file.ts'

type Preview = NonNullable<ImportReport['preview']>
type PreviewEvent = PreviewRow['events'][number]

/** Keeps the first rows of a file with the events created from them. */
export class PreviewRows {
  readonly #header: readonly string[]
  /** By row number. */
  readonly #rows = new Map<number, PreviewRow>()

  constructor(header: readonly string[]) {
    this.#header = header
  }

  add({ row, line, cells }: TableRecord, events: readonly FileEvent[]): void {
    if (this.#rows.size >= reportLimits.preview) return
    this.#rows.set(row, { line, cells: cells.map(shownCell), events: events.map(previewEvent) })
  }

  /** Also called for rows that were added but rejected by the server, which keep their events. */
  reject(record: TableRecord, { field, code, cause, message }: Rejection): void {
    if (!this.#rows.has(record.row)) this.add(record, [])
    const known = this.#rows.get(record.row)
    if (known !== undefined)
      this.#rows.set(record.row, { ...known, rejection: { column: field, code, cause, message } })
  }

  preview(): Preview {
    const rows = [...this.#rows].toSorted(([a], [b]) => a - b).map(([, row]) => row)
    return { header: this.#header.map(shownCell), rows }
  }
}

function previewEvent({ type, order, stage, occurredAt, actor, data }: FileEvent): PreviewEvent {
  const said = Object.entries(data).filter(([, value]) => typeof value === 'string' || typeof value === 'number')
  return {
    type,
    order,
    ...(stage !== undefined && { stage }),
    occurredAt,
    ...(actor !== undefined && { actor }),
    data: Object.fromEntries(said),
  }
}

/** On one line and truncated: a cell may have 64 Ki characters. */
export function shownCell(cell: string): string {
  const start = cell.slice(0, reportLimits.cell).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
  return cell.length > reportLimits.cell ? `${start.toWellFormed()}…` : start.toWellFormed()
}
