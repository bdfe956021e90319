import type { Queryable } from '@stagewatch/db/database.ts'
import { erasedPlaces, isFound, withoutName } from './erased-places.ts'
import type { ErasedPlace, SearchedName } from './erased-places.ts'

/** Columns whose type is JSON; the others with JSON are texts. */
const jsonColumns = new Set([
  'definition',
  'flow',
  'condition',
  'scope',
  'translations',
  'settings',
  'mapping',
  'removed',
  'added',
  'report',
  'last_check',
  'message',
  'hand_over',
  'names',
  'titles',
  'content',
])

/** Column with the code of the site. */
const siteColumn = ({ table }: ErasedPlace) => (table === 'sites' ? 'code' : 'site')

const isRowFound = ({ columns }: ErasedPlace) =>
  Object.entries(columns)
    .map(([column, mode]) => `coalesce(${isFound(`r."${column}"`, mode)}, false)`)
    .join(' or ')

/** Removes a name from all tables but the record and what is folded from it. @returns the number of rows. */
export async function eraseFromPlaces(tx: Queryable, site: string, name: SearchedName): Promise<number> {
  let count = 0
  for (const place of erasedPlaces) {
    const { table, columns, isDeleted } = place
    const assignments = Object.entries(columns).map(
      ([column, mode]) => `"${column}" = ${withoutName(`r."${column}"`, mode, jsonColumns.has(column))}`,
    )
    const where = `r."${siteColumn(place)}" = $1 and (${isRowFound(place)})`
    const statement = isDeleted
      ? `delete from "${table}" r where ${where}`
      : `update "${table}" r set ${assignments.join(', ')} where ${where}`
    const { rowCount } = await tx.values(statement, [site, name])
    count += rowCount
  }
  return count
}

/** The number of rows with the name in all tables but the record and what is folded from it. */
export async function countInPlaces(db: Queryable, site: string, name: SearchedName): Promise<number> {
  let count = 0
  for (const place of erasedPlaces) {
    const [row] = await db.query<{ count: number }>(
      `select count(*)::int as count from "${place.table}" r
       where r."${siteColumn(place)}" = $1 and (${isRowFound(place)})`,
      [site, name],
    )
    count += row?.count ?? 0
  }
  return count
}
