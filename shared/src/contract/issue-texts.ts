import { z } from 'zod'
import type { CheckParams, KnownIssue } from './field-issue.ts'

type Finding = Omit<KnownIssue, 'field'>

/**
 * Makes every schema of this program report issues with the texts of `fieldIssues` instead of the schema library's.
 * Texts that a check provides itself take precedence.
 */
function configureIssueTexts(): void {
  z.config({ customError: (issue) => findingOf(issue as unknown as z.core.$ZodIssue).message })
}
configureIssueTexts()

/** Maximum number of repeated items in a response, however much of the request was invalid. */
const maxNamed = 20
const maxFieldLength = 300
const maxMessageLength = 500

/** The issues found by a schema, one entry per field; only the first ones if there are very many. */
export function fieldIssues({ issues }: z.core.$ZodError): KnownIssue[] {
  return issues
    .slice(0, maxNamed)
    .flatMap((issue) => issuesAt(issue, []))
    .slice(0, maxNamed)
    .map((issue) => ({
      ...issue,
      field: shortened(issue.field, maxFieldLength),
      message: shortened(issue.message, maxMessageLength),
    }))
}

function more(count: number): string {
  return count > maxNamed ? ` and ${count - maxNamed} more` : ''
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`
}

function issuesAt(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): KnownIssue[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.discriminator === undefined) {
    // The closest form of the union gives the most helpful message.
    const [closest] = issue.errors.toSorted((a, b) => distance(a) - distance(b))
    if (closest !== undefined && closest.length > 0) return closest.flatMap((each) => issuesAt(each, path))
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return issue.issues.flatMap((each) => issuesAt(each, path))
  }
  // Unknown fields are reported by the library with the object that contains them.
  const keys =
    issue.code === 'unrecognized_keys' ? [`${issue.keys.slice(0, maxNamed).join(', ')}${more(issue.keys.length)}`] : []
  return [{ field: [...path.map(String), ...keys].join('.'), ...findingOf(issue), message: issue.message }]
}

/** Distance of a value from one form of a union: a wrong type at the top level is further away than an error inside. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, { path, code }) => sum + (path.length === 0 && code === 'invalid_type' ? 100 : 1), 0)
}

function findingOf(issue: z.core.$ZodIssue): Finding {
  switch (issue.code) {
    case 'invalid_type':
      if (isMissing(issue)) return { reason: 'missing', message: missingText }
      return { reason: 'wrong_type', message: `must be ${typeText(issue.expected)}` }
    case 'invalid_value': {
      const options = issue.values.map(String).slice(0, maxNamed)
      return {
        reason: 'not_offered',
        options,
        message: `must be ${options.length === 1 ? '' : 'one of: '}${options.join(', ')}`,
      }
    }
    case 'invalid_union': {
      const options = 'options' in issue ? (issue.options ?? []).map(String).slice(0, maxNamed) : []
      if (options.length > 0)
        return { reason: 'not_offered', options, message: `must be one of: ${options.join(', ')}` }
      return { reason: 'wrong', message: 'has none of the forms that are allowed here' }
    }
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'invalid_format':
      return wrongFormat(issue)
    case 'not_multiple_of':
      return { reason: 'not_multiple', limit: issue.divisor, message: `must be a multiple of ${issue.divisor}` }
    case 'unrecognized_keys':
      return { reason: 'unknown', message: 'is not known here; leave it out' }
    case 'invalid_key':
      return { reason: 'wrong', message: 'has a name that is not allowed' }
    case 'invalid_element':
      return { reason: 'wrong', message: 'holds a value that is not allowed' }
    case 'custom': {
      const { reason = 'wrong', limit } = (issue.params ?? {}) as Partial<CheckParams>
      return { reason, message: 'has a value that is not allowed', ...(limit !== undefined && { limit }) }
    }
  }
}

const missingText = 'is missing; send it'

/** The input is available only while the schema runs; afterwards only the message shows that it was missing. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.message === undefined ? issue.input === undefined : issue.message === missingText
}

type TooSmall = Extract<z.core.$ZodIssue, { code: 'too_small' }>
type TooBig = Extract<z.core.$ZodIssue, { code: 'too_big' }>

function tooSmall({ origin, minimum, exact, inclusive }: TooSmall): Finding {
  const limit = Number(minimum)
  if (exact === true) return wrongSize(origin, limit)
  if (origin === 'string') {
    if (limit === 1) return { reason: 'too_short', limit, message: 'must not be empty' }
    return { reason: 'too_short', limit, message: `must have at least ${counted(limit, 'character')}` }
  }
  if (isCollection(origin))
    return { reason: 'too_few', limit, message: `must have at least ${counted(limit, 'entry')}` }
  return {
    reason: 'too_small',
    limit,
    message: inclusive === false ? `must be more than ${limit}` : `must be at least ${limit}`,
  }
}

function tooBig({ origin, maximum, exact, inclusive }: TooBig): Finding {
  const limit = Number(maximum)
  if (exact === true) return wrongSize(origin, limit)
  if (origin === 'string')
    return { reason: 'too_long', limit, message: `must have at most ${counted(limit, 'character')}` }
  if (isCollection(origin))
    return { reason: 'too_many', limit, message: `must have at most ${counted(limit, 'entry')}` }
  return {
    reason: 'too_large',
    limit,
    message: inclusive === false ? `must be less than ${limit}` : `must be at most ${limit}`,
  }
}

function wrongSize(origin: string, limit: number): Finding {
  if (origin === 'string')
    return { reason: 'wrong_length', limit, message: `must have exactly ${counted(limit, 'character')}` }
  return { reason: 'wrong_count', limit, message: `must have exactly ${counted(limit, 'entry')}` }
}

function wrongFormat({ format, pattern }: Extract<z.core.$ZodIssue, { code: 'invalid_format' }>): Finding {
  const known = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined
  if (known !== undefined) return { reason: known[0], message: known[1] }
  const form = pattern === undefined ? '' : `: ${pattern}`
  return { reason: 'wrong_form', message: `does not have the form that is asked for${form}` }
}

const formats = {
  email: ['not_email', 'must be an e-mail address such as li@example.com'],
  date: ['not_date', 'must be a date such as 2026-10-01'],
  datetime: ['not_time', 'must be a time such as 2026-11-22T08:15:00+08:00'],
  time: ['not_time', 'must be a time of day such as 08:30'],
  url: ['not_url', 'must be a web address such as https://example.com'],
} as const

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  null: 'null',
  date: 'a date',
  nonoptional: 'there',
  never: 'left out',
  undefined: 'left out',
}

function typeText(expected: string): string {
  return types[expected] ?? `of the type ${expected}`
}

function isCollection(origin: string): boolean {
  return ['array', 'set', 'map', 'record', 'object', 'file'].includes(origin)
}

function counted(count: number, word: 'character' | 'entry'): string {
  if (count === 1) return `1 ${word}`
  return `${count} ${word === 'entry' ? 'entries' : 'characters'}`
}
