import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import type { KnownIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { AppError } from '../app-error.ts'

const maxNamed = 3

/** Holds a request against the schemas of its route. What is wrong is told in words of our own, field by field. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const result = schema.safeParse(data)
    if (result.success) return { value: result.data }
    return { error: invalidFields(fieldIssues(result.error)) }
  }

/** The refusal that names every field that is wrong, and in its message the first of them. */
function invalidFields(details: KnownIssue[]): AppError {
  const named = details
    .slice(0, maxNamed)
    .map(({ field, message }) => `${field === '' ? 'the request' : field} ${message}`)
  const more = details.length > maxNamed ? [`${details.length - maxNamed} more`] : []
  return new AppError('invalid_field', [...named, ...more].join('; '), { details })
}
