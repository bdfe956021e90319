import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import type { KnownIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { AppError } from '../app-error.ts'

const maxNamed = 3

/**
 * Validates a request against the schemas of its route. Problems are described in our own words, field by field. Texts
 * that the database cannot store are refused in every field.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = (route) => {
  const validate = validatorOfAnyText(route)
  return (data: unknown) => {
    const result = validate(data)
    const field = 'value' in result ? unstorableField(result.value) : undefined
    if (field === undefined) return result
    return { error: new AppError('invalid_text', `${field} must not hold NUL or half a surrogate pair`, { field }) }
  }
}

/** The same for routes that check the texts of each event themselves. */
export function validatorOfAnyText({ schema }: { readonly schema: unknown }) {
  return (data: unknown) => {
    // Fastify types the schema of a route's own compiler as that of the whole route.
    const result = (schema as z.ZodType).safeParse(data)
    if (result.success) return { value: result.data }
    return { error: invalidFields(fieldIssues(result.error)) }
  }
}

interface Place {
  readonly value: unknown
  readonly key: string
  readonly parent: Place | undefined
}

/** Path of the first text or key that PostgreSQL refuses. Not recursive, because values may be nested deeply. */
function unstorableField(root: unknown): string | undefined {
  const places: Place[] = [{ value: root, key: '', parent: undefined }]
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { value } = place
    if (typeof value === 'string' && !isStorable(value)) return pathOf(place)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, item] of Object.entries(value)) {
      if (!isStorable(key)) return pathOf(place)
      places.push({ value: item, key, parent: place })
    }
  }
  return undefined
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function pathOf({ key, parent }: Place): string {
  const above = parent === undefined ? '' : pathOf(parent)
  return above === '' ? key : `${above}.${key}`
}

/** A refusal with every invalid field as details and the first one in its message. */
function invalidFields(details: KnownIssue[]): AppError {
  const named = details
    .slice(0, maxNamed)
    .map(({ field, message }) => `${field === '' ? 'the request' : field} ${message}`)
  const more = details.length > maxNamed ? [`${details.length - maxNamed} more`] : []
  return new AppError('invalid_field', [...named, ...more].join('; '), { details })
}
