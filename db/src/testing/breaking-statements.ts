/** Why a statement of a migration breaks the version that ran before it. */
export interface BreakingStatement {
  readonly statement: string
  readonly reason: string
}

const name = String.raw`(?:"?public"?\.)?"?(\w+)"?`
const table = new RegExp(`^alter table (?:if exists )?(?:only )?${name} `, 'i')

/** On tables that the previous version uses. The first group of each pattern is the table, if there is one. */
const rules: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [new RegExp(`^drop table (?:if exists )?${name}`, 'i'), 'it reads and writes the table'],
  [/^drop (?:view|function|schema|role|policy|trigger|type|index)/i, 'it may depend on it'],
  [new RegExp(`^alter table (?:only )?${name} .*\\brename\\b`, 'i'), 'it uses the name of before'],
  [/^alter (?:view|function|schema|role|type) .*\brename\b/i, 'it uses the name of before'],
  [new RegExp(`^alter table (?:only )?${name} .*\\bdrop column\\b`, 'i'), 'it reads and writes the column'],
  [new RegExp(`^alter table (?:only )?${name} .*\\bdrop (?:constraint|default)\\b`, 'i'), 'it may rely on it'],
  [new RegExp(`^alter table (?:only )?${name} .*\\bset not null\\b`, 'i'), 'it may store nothing there'],
  [
    new RegExp(`^alter table (?:only )?${name} .*\\b(?:set data )?type\\b`, 'i'),
    'it reads values of the type of before',
  ],
  [new RegExp(`^alter table (?:only )?${name} .*\\badd constraint\\b`, 'i'), 'its rows may violate the constraint'],
  [new RegExp(`^create unique index (?:if not exists )?\\S+ on ${name}`, 'i'), 'its rows may repeat the values'],
  [/^revoke /i, 'it may need the permission'],
  [new RegExp(`^truncate (?:table )?${name}`, 'i'), 'it may need the rows'],
  [new RegExp(`^(?:delete from|update) ${name}`, 'i'), 'it may not understand the rows, or changes them back'],
]

/**
 * Finds the statements of a migration that must not run while the previous version does.
 * @param newTables tables that the previous version does not know.
 */
export function findBreakingStatements(migration: string, newTables: ReadonlySet<string>): BreakingStatement[] {
  return statementsOf(migration).flatMap((statement) => {
    const reason = reasonOf(statement, newTables)
    return reason === undefined ? [] : [{ statement, reason }]
  })
}

/** Names of the tables that a migration creates. */
export function tablesCreatedBy(migration: string): string[] {
  const pattern = new RegExp(`^create table (?:if not exists )?${name}`, 'i')
  return statementsOf(migration).flatMap((statement) => pattern.exec(statement)?.[1] ?? [])
}

function reasonOf(statement: string, newTables: ReadonlySet<string>): string | undefined {
  // Instances of the previous version leave such a rebuild to those that know the migration.
  if (/^update sites set rebuild_version\b/i.test(statement)) return undefined
  const altered = table.exec(statement)?.[1]
  if (altered !== undefined && newTables.has(altered)) return undefined
  if (
    /\badd column\b/i.test(statement) &&
    /\bnot null\b/i.test(statement) &&
    !/\bdefault\b|\bgenerated\b/i.test(statement)
  )
    return 'it adds rows without the column'
  for (const [pattern, reason] of rules) {
    const found = pattern.exec(statement)
    if (found !== null && !(found[1] !== undefined && newTables.has(found[1]))) return reason
  }
  return undefined
}

/** Without comments, each on one line. Bodies of functions stay whole, because their statements run later. */
function statementsOf(migration: string): string[] {
  return migration
    .replaceAll(/--(?!> ).*$/gm, '')
    .split('--> statement-breakpoint')
    .flatMap((part) => (part.includes('$$') ? [part] : part.split(';')))
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '')
}
