import { z } from 'zod'

export const exportFormats = ['ndjson', 'csv', 'xes'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** What a format cannot express, with the words of a report. */
export const leftOutTexts = {
  withdrawals: 'entries by which the server itself withdrew events, and which it makes anew',
  archived: 'events that are archived, and are in the files of the archives',
  voided: 'events that are taken back',
  voids: 'events that take back others',
  concurrent: 'events of concurrent activities',
  hold_ends: 'holds that end by themselves or change another one',
  activity_acknowledgements: 'acknowledgements of one of several activities',
  assignments: 'assignments',
  notes: 'notes',
  positions: 'positions',
  orders_without_visits: 'orders that were in no stage in this time',
  ends: 'ends of orders, except through a stage that ends an order',
  holds: 'visits with holds, which are exported without them',
} as const
export type LeftOut = keyof typeof leftOutTexts

const causes = Object.keys(leftOutTexts).filter((cause): cause is LeftOut => cause in leftOutTexts)
const count = z.int().nonnegative()

/** What an export contains, and what it does not. */
export const exportSummary = z.object({
  format: z.enum(exportFormats),
  /** Lines, rows or events written. */
  written: count,
  /** Number of events, visits or orders that the format cannot express, by cause. */
  leftOut: z.partialRecord(z.enum(causes), count),
  /** Values for which the format has no column, by the name of their field. */
  lostFields: z.record(z.string(), count),
})
export type ExportSummary = z.infer<typeof exportSummary>

/** Fields of sources may have any name and number. */
const maxFields = 20
const fieldLength = 40
const otherFields = 'others'

/** Counts while an export is written. */
export class ExportCounts {
  readonly #leftOut = new Map<LeftOut, number>()
  readonly #lostFields = new Map<string, number>()
  written = 0

  leaveOut(cause: LeftOut, number = 1): void {
    this.#leftOut.set(cause, (this.#leftOut.get(cause) ?? 0) + number)
  }

  loseField(name: string): void {
    const short = name.slice(0, fieldLength).toWellFormed()
    const listed = this.#lostFields.has(short) || this.#lostFields.size < maxFields ? short : otherFields
    this.#lostFields.set(listed, (this.#lostFields.get(listed) ?? 0) + 1)
  }

  summary(format: ExportFormat): ExportSummary {
    return {
      format,
      written: this.written,
      leftOut: Object.fromEntries(this.#leftOut),
      lostFields: Object.fromEntries(this.#lostFields),
    }
  }
}

/** @param ratio share of the data that has been read, 0..1. */
export type ExportProgress = (ratio: number, written: number) => void
