import { strToU8, Zip, ZipDeflate } from 'fflate'

/** Days since the end of 1899, as spreadsheets count them, in any local time; shown as date and time. */
export interface SheetInstant {
  readonly days: number
}

export type SheetCell = string | number | SheetInstant | undefined

/** Maximum number of rows in a spreadsheet, including the titles. */
export const maxSheetRows = 1_048_576
const maxCellText = 32_767
const daysFrom1900To1970 = 25_569
const dayMs = 86_400_000

/** @param localMs the instant as ms since 1970 in local time. */
export function sheetInstant(localMs: number): SheetInstant {
  return { days: localMs / dayMs + daysFrom1900To1970 }
}

interface Sheet {
  readonly name: string
  readonly titles: readonly string[]
  /** In chunks, each of which is written at once. */
  readonly rows: AsyncIterable<readonly (readonly SheetCell[])[]>
}

/**
 * A workbook with one sheet (Office Open XML), one chunk at a time. Every text is written as text, so that no
 * spreadsheet treats it as a formula; the title row stays visible.
 */
export async function* xlsxFile({ name, titles, rows }: Sheet): AsyncGenerator<Uint8Array> {
  const written: Uint8Array[] = []
  let failure: Error | undefined
  const zip = new Zip((error, piece) => {
    if (error === null) written.push(piece)
    else failure = error
  })
  const take = (): Uint8Array[] => {
    if (failure !== undefined) throw failure
    return written.splice(0)
  }
  for (const [path, text] of Object.entries(partsOf(name))) {
    const part = new ZipDeflate(path)
    zip.add(part)
    part.push(strToU8(text), true)
  }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml')
  zip.add(sheet)
  sheet.push(strToU8(sheetBegin + rowXml(1, titles, titleStyle)))
  let rowNumber = 1
  yield* take()
  for await (const piece of rows) {
    sheet.push(strToU8(piece.map((row) => rowXml(++rowNumber, row, '')).join('')))
    yield* take()
  }
  sheet.push(strToU8('</sheetData></worksheet>'), true)
  zip.end()
  yield* take()
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'
const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const sheetBegin = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultColWidth="18" defaultRowHeight="15"/><sheetData>`

/** Indexes of the cell formats in `styles.xml`. */
const titleStyle = ' s="1"'
const instantStyle = ' s="2"'

function partsOf(sheetName: string): Readonly<Record<string, string>> {
  return {
    '[Content_Types].xml': `${declaration}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${contentType}.worksheet+xml"/></Types>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${declaration}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  }
}

/** Rows and cells carry their references: the format makes them optional, but some readers require them. */
function rowXml(row: number, cells: readonly SheetCell[], style: string): string {
  const written = cells.map((cell, column) => cellXml(`${columnName(column)}${row}`, cell, style))
  return `<row r="${row}">${written.join('')}</row>`
}

/** `A` to `Z`, then `AA`. */
function columnName(column: number): string {
  const last = String.fromCodePoint(65 + (column % 26))
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last
}

function cellXml(place: string, cell: SheetCell, style: string): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return `<c r="${place}"${style}><v>${cell}</v></c>`
  if (typeof cell === 'string') {
    const text = escaped(cell.slice(0, maxCellText))
    return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
  }
  return `<c r="${place}"${instantStyle}><v>${cell.days}</v></c>`
}

/** XML cannot represent most control characters or unpaired surrogates. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- matches control characters on purpose
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  )
}
