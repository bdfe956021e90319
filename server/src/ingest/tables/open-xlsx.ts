import { plural, shownText } from '../../platform/english-text.ts'
import { FileError } from './file-error.ts'
import { commonWidth, findHeader } from './find-header.ts'
import { readXml } from './read-xml.ts'
import { RowAccount } from './row-account.ts'
import type { TableFile, TableOptions, TableRecord } from './table-file.ts'
import { maxColumns } from './table-file.ts'
import type { TableRemark } from './table-remarks.ts'
import { garbledRemark } from './table-remarks.ts'
import type { MergedCells } from './xlsx-merges.ts'
import { readMergedCells } from './xlsx-merges.ts'
import type { SheetRow } from './xlsx-rows.ts'
import { SheetRows } from './xlsx-rows.ts'
import type { Workbook } from './xlsx-workbook.ts'
import { readWorkbook } from './xlsx-workbook.ts'
import type { ZipArchive } from './zip-archive.ts'

const sampledRows = 100

/**
 * Opens one sheet of a workbook (Office Open XML).
 * @throws AppError if it is damaged, or the sheet is missing or empty.
 */
export async function openXlsx(archive: ZipArchive, options: TableOptions): Promise<TableFile> {
  const workbook = await readWorkbook(archive, options.sheet)
  const merged = await readMergedCells(archive.bytesOf(workbook.part))
  const rows = await sampleRows(archive, workbook, merged, options.skipLines ?? 0)
  const header = options.skipLines === undefined ? findHeader(rows, commonWidth(rows).width) : rows[0]
  if (header === undefined)
    throw new FileError('bad_request', 'empty_sheet', `the sheet ${workbook.sheet} is empty`, {
      params: { sheet: shownText(workbook.sheet) },
    })
  const names = header.cells.map((name) => name.trim())
  const width = names.findLastIndex((name) => name !== '') + 1
  if (width > maxColumns)
    throw new FileError(
      'too_large',
      'too_many_columns',
      `the sheet has ${width} columns; at most ${maxColumns} are read`,
      { params: { count: width, limit: maxColumns } },
    )
  return new XlsxFile(archive, workbook, merged, { names: names.slice(0, width), line: header.line })
}

async function sampleRows(archive: ZipArchive, workbook: Workbook, merged: readonly MergedCells[], skipped: number) {
  const rows: SheetRow[] = []
  for await (const row of readRows(archive, new SheetRows(workbook, merged))) {
    if (row.line > skipped && row.cells.some((cell) => cell.trim() !== '')) rows.push(row)
    if (rows.length === sampledRows) break
  }
  return rows
}

async function* readRows(archive: ZipArchive, rows: SheetRows): AsyncGenerator<SheetRow> {
  for await (const _ of readXml(archive.bytesOf(rows.part), 'utf-8', rows)) yield* rows.taken()
}

class XlsxFile implements TableFile {
  readonly header: readonly string[]
  readonly sizeBytes: number
  readonly #archive: ZipArchive
  readonly #workbook: Workbook
  readonly #merged: readonly MergedCells[]
  readonly #headerLine: number
  #sheet: SheetRows
  #account: RowAccount
  #position = () => 0

  constructor(
    archive: ZipArchive,
    workbook: Workbook,
    merged: readonly MergedCells[],
    header: { readonly names: readonly string[]; readonly line: number },
  ) {
    this.header = header.names
    this.sizeBytes = archive.sizeBytes
    this.#archive = archive
    this.#workbook = workbook
    this.#merged = merged
    this.#headerLine = header.line
    this.#sheet = new SheetRows(workbook, merged)
    this.#account = new RowAccount(header.names)
  }

  get batches(): AsyncIterable<readonly TableRecord[]> {
    return { [Symbol.asyncIterator]: () => this.#read() }
  }

  get facts() {
    const { sheet, sheets, since1904 } = this.#workbook
    const { lines, rows } = this.#account
    return { kind: 'xlsx', compression: undefined, sheet, sheets, since1904, lines, rows } as const
  }

  remarks(): readonly TableRemark[] {
    return xlsxRemarks(this.#sheet, this.#account, this.#workbook, this.#headerLine)
  }

  readBytes(): number {
    return this.#position()
  }

  close(): Promise<void> {
    return Promise.resolve(this.#archive.close())
  }

  async *#read(): AsyncGenerator<readonly TableRecord[]> {
    const sheet = new SheetRows(this.#workbook, this.#merged)
    const account = new RowAccount(this.header)
    this.#sheet = sheet
    this.#account = account
    const source = this.#archive.bytesOf(this.#workbook.part)
    this.#position = source.readBytes
    for await (const _ of readXml(source, 'utf-8', sheet)) {
      for (const row of sheet.taken()) this.#take(account, row)
      yield account.taken()
    }
    yield account.end(true)
  }

  #take(account: RowAccount, { cells, line }: SheetRow): void {
    account.lines.total += 1
    if (line > this.#headerLine) account.take(cells, line, 1)
    else if (line === this.#headerLine) account.lines.header += 1
    else account.lines[cells.every((cell) => cell.trim() === '') ? 'blank' : 'preamble'] += 1
  }
}

function xlsxRemarks(sheet: SheetRows, account: RowAccount, { sheets, ...book }: Workbook, headerLine: number) {
  const { remarks, lines } = account
  const others = sheets.filter((name) => name !== book.sheet)
  const shown = others.slice(0, 5).map(shownText).join(', ')
  const found = [
    others.length === 0
      ? undefined
      : {
          code: 'other_sheets' as const,
          count: others.length,
          lines: [],
          params: { sheet: shownText(book.sheet), others: shown },
          text: `sheet ${shownText(book.sheet)} was read, not ${shown}${others.length > 5 ? ' …' : ''}; --sheet chooses`,
        },
    lines.preamble === 0
      ? undefined
      : {
          code: 'preamble_skipped' as const,
          count: lines.preamble,
          lines: [headerLine],
          text: `the header was found in row ${headerLine}; ${plural(lines.preamble, 'row')} before it skipped (--skip-lines chooses how many)`,
        },
    sheet.remarks.remark(
      'merged_cells',
      (count, places) => `merged cells: ${plural(count, 'cell')} filled down (${places})`,
    ),
    sheet.remarks.remark(
      'formula_errors',
      (count, places) => `${plural(count, 'cell')} with an error such as #N/A read as empty (${places})`,
    ),
    sheet.remarks.remark(
      'formulas_empty',
      (count, places) =>
        `${plural(count, 'cell')} with a formula that was never calculated, read as empty (${places}); open the workbook in a spreadsheet, save it, and import it again`,
    ),
    garbledRemark(sheet.remarks),
    ...account.commonRemarks(),
    remarks.remark(
      'trailing_lines',
      (_, places) => `${plural(lines.trailing, 'row')} of totals or notes after the last row not read (${places})`,
      { trailing: lines.trailing },
    ),
  ]
  return found.filter((remark) => remark !== undefined)
}
