import type { CellExample } from './cell-counts.ts'
import { shownValue } from './clean-cell.ts'
import type { DecimalSign } from './number-text.ts'
import { other, readNumberText } from './number-text.ts'

export type NumberOutcome =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string }

/** Findings about a column of numbers, for the import report. */
export interface NumberFindings {
  /** The decimal separator: as set by the user, or as the cells prove it. */
  readonly sign: DecimalSign | undefined
  /** How ambiguous cells such as 1,234 are read; undefined if the column proves its separator or has no such cell. */
  readonly openAs: 'decimals' | 'thousands' | 'decimals of . and thousands of ,' | 'not at all' | undefined
  readonly openRows: number
  readonly unreadableRows: number
  /** The first ambiguous or unreadable cells. */
  readonly examples: readonly CellExample[]
}

const plainNumber = /^[+-]?\d{1,15}(?:\.\d+)?$/
const maxExamples = 5

/** Surveys every cell of one column of numbers and decides how to read the column. */
export class NumberSurvey {
  readonly #told: DecimalSign | undefined
  readonly #counts: boolean
  /** Whether a cell proves that the decimal separator is a point, or a comma. */
  #provesDot = false
  #provesComma = false
  #openDotRows = 0
  #openCommaRows = 0
  #unreadableRows = 0
  readonly #examples: CellExample[] = []

  /** @param told the decimal separator, if the user has set it. @param counts see `readNumberText`. */
  constructor(told: DecimalSign | undefined, counts: boolean) {
    this.#told = told
    this.#counts = counts
  }

  add(text: string, line: number): void {
    const number = readNumberText(text, this.#counts)
    if (number.kind === 'number') {
      if (number.sign === '.') this.#provesDot = true
      if (number.sign === ',') this.#provesComma = true
      return
    }
    if (this.#examples.length < maxExamples) this.#examples.push({ line, value: shownValue(text) })
    if (number.kind === 'unreadable') this.#unreadableRows += 1
    else if (number.sign === '.') this.#openDotRows += 1
    else this.#openCommaRows += 1
  }

  reading(): NumberReading {
    const survey = { isContradictory: this.#isContradictory(), isSurveyed: true }
    return new NumberReading(this.#sign(), this.#counts, survey)
  }

  findings(): NumberFindings {
    const openRows = this.#openDotRows + this.#openCommaRows
    const sign = this.#sign()
    return {
      sign,
      openAs: openRows === 0 || sign !== undefined ? undefined : this.#openAs(),
      openRows,
      unreadableRows: this.#unreadableRows,
      examples: this.#examples,
    }
  }

  #openAs(): NumberFindings['openAs'] {
    if (this.#isContradictory()) return 'not at all'
    if (this.#openDotRows > 0 && this.#openCommaRows > 0) return 'decimals of . and thousands of ,'
    return this.#openDotRows > 0 ? 'decimals' : 'thousands'
  }

  #isContradictory(): boolean {
    return this.#told === undefined && this.#provesDot && this.#provesComma
  }

  #sign(): DecimalSign | undefined {
    if (this.#told !== undefined) return this.#told
    if (this.#isContradictory()) return undefined
    if (this.#provesDot) return '.'
    return this.#provesComma ? ',' : undefined
  }
}

/** Reads the cells of one column of numbers. */
export class NumberReading {
  readonly #sign: DecimalSign | undefined
  readonly #counts: boolean
  readonly #survey: { readonly isContradictory: boolean; readonly isSurveyed: boolean }

  /**
   * @param sign the decimal separator; undefined if the cells of the column do not prove one.
   * @param counts see `readNumberText`.
   */
  constructor(
    sign: DecimalSign | undefined,
    counts: boolean,
    survey: { readonly isContradictory: boolean; readonly isSurveyed: boolean },
  ) {
    this.#sign = sign
    this.#counts = counts
    this.#survey = survey
  }

  read(text: string): NumberOutcome {
    if (this.#sign === '.' && plainNumber.test(text)) return { ok: true, value: Number(text) }
    const number = readNumberText(text, this.#counts)
    if (number.kind === 'unreadable') return refused(text, number.reason)
    if (number.kind === 'number') {
      const isForeign = this.#sign !== undefined && number.sign === other(this.#sign)
      return isForeign
        ? refused(text, `has no ${this.#sign} before its decimals, as the column has`)
        : { ok: true, value: number.value }
    }
    const sign = this.#sign ?? this.#usualSign(number.sign)
    if (sign === undefined)
      return refused(text, `may be ${number.decimal} or ${number.thousands}; say with --decimal-comma, or`)
    return { ok: true, value: number.sign === sign ? number.decimal : number.thousands }
  }

  /** Without proof, a point is the decimal separator, and a comma groups thousands if the whole column allows it. */
  #usualSign(found: DecimalSign): DecimalSign | undefined {
    if (!this.#survey.isSurveyed) return found === '.' ? '.' : undefined
    return this.#survey.isContradictory ? undefined : '.'
  }
}

function refused(text: string, reason: string): NumberOutcome {
  return {
    ok: false,
    message: `${text.slice(0, 60)} ${reason}${reason.endsWith(' or') ? '' : ';'} write it like 1234.5`,
  }
}
