import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import type { KnownIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { AppError } from '../app-error.ts'

const maxNamed = 3

/** Validates a request against the schemas of its route. Problems are described in our own words, field by field. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const result = schema.safeParse(data)
    if (result.success) return { value: result.data }
    return { error: invalidFields(fieldIssues(result.error)) }
  }

/** A refusal with every invalid field as details and the first one in its message. */
function invalidFields(details: KnownIssue[]): AppError {
  const named = details
    .slice(0, maxNamed)
    .map(({ field, message }) => `${field === '' ? 'the request' : field} ${message}`)
  const more = details.length > maxNamed ? [`${details.length - maxNamed} more`] : []
  return new AppError('invalid_field', [...named, ...more].join('; '), { details })
}
