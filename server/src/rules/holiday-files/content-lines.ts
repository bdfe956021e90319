import type { HolidayGatherer } from './holiday-file.ts'

/** `NAME;PARAMETER=x:value` of RFC 5545, section 3.1. */
export interface ContentLine {
  /** In upper case. */
  readonly name: string
  /** The parameters as written, starting at the first `;`. */
  readonly parameters: string
  readonly value: string
  /** Number of its first line in the file. */
  readonly line: number
}

const contentLine = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:])*)*):(.*)$/s

/** A file of public holidays has some hundred lines; a file with more than this is something else. */
const maxLines = 50_000
/** Including folded continuations. RFC 5545 folds at 75 bytes; a long description has some thousand. */
const longestLine = 20_000

/** The lines of a file, unfolded. */
export function* contentLines(text: string, gatherer: HolidayGatherer): Generator<ContentLine> {
  for (const { written, line } of unfolded(text)) {
    if (line > maxLines) return gatherer.refuse({ line, field: '' }, `there are more than ${maxLines} lines`)
    if (written.length > longestLine) {
      return gatherer.refuse({ line, field: '' }, `is longer than ${longestLine} characters`)
    }
    const [, name, parameters = '', value = ''] = contentLine.exec(written) ?? []
    if (name !== undefined) yield { name: name.toUpperCase(), parameters, value, line }
    else if (written !== '') gatherer.reject({ line, field: '' }, 'is not a line of an iCalendar file')
    if (gatherer.isRefused) return
  }
}

/** A line that begins with a space or a tab continues the one before it. */
function* unfolded(text: string): Generator<{ written: string; line: number }> {
  let parts: string[] = []
  let [length, begin, line] = [0, 1, 0]
  for (const written of linesOf(text)) {
    line += 1
    const goesOn = line > 1 && /^[ \t]/.test(written)
    if (line > 1 && !goesOn) {
      yield { written: parts.join(''), line: begin }
      parts = []
      length = 0
      begin = line
    }
    const part = goesOn ? written.slice(1) : written
    // Parts beyond the maximum length are dropped.
    if (length <= longestLine) parts.push(part)
    length += part.length
  }
  yield { written: parts.join(''), line: begin }
}

/** Lazy, so that a caller that stops early does not split the whole text. */
function* linesOf(text: string): Generator<string> {
  const lineBreak = /\r\n|\n|\r/g
  let from = text.startsWith('\uFEFF') ? 1 : 0
  lineBreak.lastIndex = from
  for (let found = lineBreak.exec(text); found !== null; found = lineBreak.exec(text)) {
    yield text.slice(from, found.index)
    from = lineBreak.lastIndex
  }
  yield text.slice(from)
}
