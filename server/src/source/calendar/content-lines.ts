import type { HolidayGatherer } from './holiday-file.ts'

/** `NAME;PARAMETER=x:value` of RFC 5545, section 3.1. */
export interface ContentLine {
  /** In upper case. */
  readonly name: string
  /** The parameters as written, from the first `;` on. */
  readonly parameters: string
  readonly value: string
  /** Where it begins in the file. */
  readonly line: number
}

const contentLine = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:])*)*):(.*)$/

/** The lines of a file, with those that were folded put together again. */
export function* contentLines(text: string, gatherer: HolidayGatherer): Generator<ContentLine> {
  for (const { written, line } of unfolded(text)) {
    const [, name, parameters = '', value = ''] = contentLine.exec(written) ?? []
    if (name !== undefined) yield { name: name.toUpperCase(), parameters, value, line }
    else if (written !== '') gatherer.reject({ line, field: '' }, 'is no line of an iCalendar file')
  }
}

/** A line that begins with a space or a tab goes on where the one before it ended. */
function unfolded(text: string): { written: string; line: number }[] {
  const lines: { written: string; line: number }[] = []
  for (const [i, written] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1)
    if (/^[ \t]/.test(written) && last !== undefined) last.written += written.slice(1)
    else lines.push({ written, line: i + 1 })
  }
  return lines
}
