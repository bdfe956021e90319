import { z } from 'zod'

/** Reasons why a file cannot be read as requested; pages have a text for each in every language. */
export const fileProblemCodes = [
  'empty_file',
  'empty_archive',
  'empty_sheet',
  'no_events',
  'no_sheets',
  'no_sheet',
  'old_excel',
  'other_workbook',
  'pdf',
  'picture',
  'data_file',
  'web_page',
  'document',
  'packed',
  'binary',
  'utf_32',
  'encrypted',
  'several_files',
  'large_part',
  'damaged',
  'cut_off',
  'other_xml',
  'object_centric',
  'too_many_columns',
  'long_line',
  'too_complex',
  'too_many_stages',
  'too_many_orders',
  'missing_column',
  'missing_columns',
  'several_times',
  'present_state',
  'no_times',
  'unknown_column',
  'column_of_other_rows',
  'same_name',
  'unknown_terminal',
  'names_no_stages',
  'complete_events',
] as const
export type FileProblemCode = (typeof fileProblemCodes)[number]

export const fileProblem = z.object({
  /**
   * One of `fileProblemCodes`, or of `breakOffCodes` if an import was aborted. Other versions may send other codes;
   * pages then show the English text beside it.
   */
  code: z.string(),
  /** Parameters of the page's text; `column` is one of `importColumns`, `columns` several, separated by commas. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type FileProblem = z.infer<typeof fileProblem>

export function isFileProblemCode(code: string): code is FileProblemCode {
  return fileProblemCodes.some((known) => known === code)
}

/**
 * Reasons why an import was aborted before the end of its file, although the file is readable; pages have a text for
 * each.
 */
export const breakOffCodes = [
  'stopped',
  'server_ended',
  'server_failed',
  'imported_before',
  'database_away',
  'overloaded',
  'disk_full',
] as const
export type BreakOffCode = (typeof breakOffCodes)[number]

export function isBreakOffCode(code: string): code is BreakOffCode {
  return breakOffCodes.some((known) => known === code)
}
