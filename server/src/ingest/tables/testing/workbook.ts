import { zipSync } from 'fflate'

interface WrittenSheet {
  readonly name: string
  readonly state?: string
  /** The elements within `worksheet`. */
  readonly xml: string
}

interface WrittenWorkbook {
  readonly sheets: readonly WrittenSheet[]
  /** The `si` elements. */
  readonly texts?: string
  readonly formats?: readonly string[]
  readonly since1904?: boolean
}

const relationship = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/**
 * A workbook as other programs write it, with features that `xlsx-file.ts` never writes. Cell style 0 is plain, 1 is
 * the first format.
 */
export function workbookOf({ sheets, texts = '', formats = [], since1904 = false }: WrittenWorkbook): Uint8Array {
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships><Relationship Id="rId1" Type="${relationship}/officeDocument" Target="/xl/book.xml"/></Relationships>`,
    'xl/book.xml': `<x:workbook xmlns:x="x" xmlns:r="r"><x:workbookPr date1904="${since1904 ? 1 : 0}"/><x:sheets>${sheets
      .map(
        ({ name, state = 'visible' }, i) =>
          `<x:sheet name="${name}" sheetId="${i + 1}" state="${state}" r:id="s${i}"/>`,
      )
      .join('')}</x:sheets></x:workbook>`,
    'xl/_rels/book.xml.rels': `<Relationships>${sheets
      .map((_, i) => `<Relationship Id="s${i}" Type="${relationship}/worksheet" Target="worksheets/sheet${i}.xml"/>`)
      .join(
        '',
      )}<Relationship Id="t" Type="${relationship}/sharedStrings" Target="texts.xml"/><Relationship Id="f" Type="${relationship}/styles" Target="styles.xml"/></Relationships>`,
    'xl/texts.xml': `<sst>${texts}</sst>`,
    'xl/styles.xml': `<styleSheet><numFmts>${formats
      .map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code.replaceAll('"', '&quot;')}"/>`)
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
      .map((_, i) => `<xf numFmtId="${200 + i}"/>`)
      .join('')}<xf numFmtId="22"/></cellXfs></styleSheet>`,
  }
  for (const [i, { xml }] of sheets.entries()) parts[`xl/worksheets/sheet${i}.xml`] = `<worksheet>${xml}</worksheet>`
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, Buffer.from(text)])))
}

/** Rows of inline cells; `undefined` omits a cell. */
export function sheetData(rows: readonly (readonly (string | undefined)[])[]): string {
  const cell = (text: string | undefined, row: number, column: number) =>
    text === undefined
      ? ''
      : `<c r="${String.fromCodePoint(65 + column)}${row + 1}" t="inlineStr"><is><t>${text}</t></is></c>`
  return `<sheetData>${rows
    .map((cells, row) => `<row r="${row + 1}">${cells.map((text, column) => cell(text, row, column)).join('')}</row>`)
    .join('')}</sheetData>`
}
