import { AppError } from '../app-error.ts'

export interface FailureAttributes {
  /** Class of the error, or code of a refusal. */
  readonly type: string
  /** Code of Node or SQLSTATE of the database. */
  readonly code?: string
  /** Where it was thrown. */
  readonly frames?: string
}

const maxFrames = 20
/** Codes of Node (`ECONNREFUSED`) and of PostgreSQL (`23505`). */
const codeShape = /^[A-Z0-9_]{1,40}$/

/**
 * What may be told about an error outside of the server. Its message may contain values: PostgreSQL quotes the input
 * that it refuses, and refusals name orders.
 */
export function failureAttributes(thrown: unknown): FailureAttributes {
  if (!(thrown instanceof Error)) return { type: typeof thrown }
  if (thrown instanceof AppError) return { type: thrown.code }
  const code =
    'code' in thrown && typeof thrown.code === 'string' && codeShape.test(thrown.code) ? thrown.code : undefined
  const frames = framesOf(thrown)
  return { type: thrown.constructor.name, ...(code !== undefined && { code }), ...(frames !== '' && { frames }) }
}

/** The stack begins with the message, which may have several lines that look like frames. */
function framesOf({ message, stack = '' }: Error): string {
  const at = stack.indexOf(message)
  // A message that was changed later is not at the beginning, so where the frames begin is unknown.
  if (at < 0 || !/^(?:[\w$.]+(?: \[\w+\])?: )?$/.test(stack.slice(0, at))) return ''
  const lines = stack.slice(at + message.length).split('\n')
  return lines
    .filter((line) => /^\s+at /.test(line))
    .slice(0, maxFrames)
    .join('\n')
}
