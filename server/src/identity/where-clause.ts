import type { CleanedWhere } from 'better-auth/adapters'

/** Collects the parameters of a statement and hands out their numbers. */
export class SqlParameters {
  readonly values: unknown[] = []

  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** The column of a field: `userId` is stored as `user_id`. */
export function columnOf(field: string): string {
  return `"${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`
}

/** SQL that begins with `where`; empty for no conditions. Those joined by OR are one alternative together. */
export function whereClause(conditions: readonly CleanedWhere[], parameters: SqlParameters): string {
  const texts = (connector: 'AND' | 'OR') =>
    conditions.filter((each) => (each.connector ?? 'AND') === connector).map((each) => conditionText(each, parameters))
  const [all, any] = [texts('AND'), texts('OR')]
  const parts = any.length === 0 ? all : [...all, `(${any.join(' or ')})`]
  return parts.length === 0 ? '' : `where ${parts.join(' and ')}`
}

function conditionText({ field, operator, value, mode }: CleanedWhere, parameters: SqlParameters): string {
  const folds = mode === 'insensitive' && typeof value === 'string'
  const column = folds ? `lower(${columnOf(field)})` : columnOf(field)
  const given = folds ? value.toLowerCase() : value
  const compare = (sign: string) => `${column} ${sign} ${parameters.add(given)}`
  switch (operator) {
    case undefined:
    case 'eq':
      return value === null ? `${column} is null` : compare('=')
    case 'ne':
      return value === null ? `${column} is not null` : compare('<>')
    case 'lt':
      return compare('<')
    case 'lte':
      return compare('<=')
    case 'gt':
      return compare('>')
    case 'gte':
      return compare('>=')
    case 'in':
    case 'not_in': {
      const list = (Array.isArray(given) ? given : [given]).map((each) => parameters.add(each))
      if (list.length === 0) return operator === 'in' ? 'false' : 'true'
      return `${column} ${operator === 'in' ? 'in' : 'not in'} (${list.join(', ')})`
    }
    case 'contains':
      return `position(${parameters.add(given)} in ${column}) > 0`
    case 'starts_with':
      return `starts_with(${column}, ${parameters.add(given)})`
    case 'ends_with': {
      const end = parameters.add(given)
      return `right(${column}, length(${end})) = ${end}`
    }
  }
}
