import { z } from 'zod'

/** Why a file cannot be read as it was asked for; pages have a text for each in every language. */
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
  'several_times',
  'present_state',
  'no_times',
  'unknown_column',
  'same_name',
  'unknown_terminal',
  'names_no_stages',
] as const
export type FileProblemCode = (typeof fileProblemCodes)[number]

export const fileProblem = z.object({
  /** One of `fileProblemCodes`; a check of another version may have others. */
  code: z.string(),
  /** What the text of a page is filled with; `column` is one of `importColumns`. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type FileProblem = z.infer<typeof fileProblem>

export function isFileProblemCode(code: string): code is FileProblemCode {
  return fileProblemCodes.some((known) => known === code)
}
