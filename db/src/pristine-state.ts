import type { Queryable } from './database.ts'

/** State of a migrated database before anything else was done with it. */
export interface PristineState {
  /** Differs as soon as a table, function, permission, role or setting does. */
  readonly definitions: string
  /** By table: the rows that the migrations wrote, as JSON. */
  readonly rows: ReadonlyMap<string, string>
  /** By sequence: its last value. Null: it has not been used. */
  readonly sequences: ReadonlyMap<string, string | null>
}

/** Built-in objects have lower numbers, and nothing here changes them. */
const firstOwnObject = 16_384

/** Truncating a table gives it new files and row counts, which are not part of its definition. */
const tableColumns = 'relname, relnamespace, relkind, relowner, relacl, relnatts, relrowsecurity, relforcerowsecurity'

/** A row of these catalogs is rewritten whenever the definition changes, which gives it a different `xmin`. */
const definitionCatalogs = {
  pg_attribute: 'attrelid, attnum',
  pg_attrdef: 'oid',
  pg_auth_members: 'roleid, member',
  pg_authid: 'oid',
  pg_constraint: 'oid',
  pg_db_role_setting: 'setdatabase, setrole',
  pg_event_trigger: 'oid',
  pg_extension: 'oid',
  pg_index: 'indexrelid',
  pg_policy: 'oid',
  pg_proc: 'oid',
  pg_rewrite: 'oid',
  pg_sequence: 'seqrelid',
  pg_statistic_ext: 'oid',
  pg_trigger: 'oid',
  pg_type: 'oid',
} as const

const definitionsQuery = `select md5(concat_ws(' ',
  (select string_agg(concat_ws(' ', oid, ${tableColumns}, reloptions), ',' order by oid)
    from pg_class where oid >= ${firstOwnObject}),
  ${Object.entries(definitionCatalogs)
    .map(([catalog, key]) => `(select string_agg(concat_ws(' ', ${key}, xmin), ',' order by ${key}) from ${catalog})`)
    .join(', ')},
  -- Schemas for temporary tables stay when the first of these has gone.
  (select string_agg(concat_ws(' ', oid, xmin), ',' order by oid) from pg_namespace where not starts_with(nspname, 'pg_t')),
  (select string_agg(concat_ws(' ', name, setting), ',' order by name) from pg_settings
    -- Those of an extension are there as soon as it is used.
    where name not like '%.%')
)) as definitions`

const tablesQuery = `select oid::regclass::text as name, pg_relation_size(oid) > 0 as "isWritten"
  from pg_class where relkind in ('r', 'p') and oid >= ${firstOwnObject} order by name`

const sequencesQuery = `select oid::regclass::text as name, pg_sequence_last_value(oid)::text as value
  from pg_class where relkind = 'S' and oid >= ${firstOwnObject} order by name`

/** Reads the state of a freshly migrated database, on a connection with default settings. */
export async function readPristineState(database: Queryable): Promise<PristineState> {
  const tables = await database.query<{ name: string; isWritten: boolean }>(tablesQuery)
  const rows = new Map<string, string>()
  for (const { name, isWritten } of tables) if (isWritten) rows.set(name, await readRows(database, name))
  return {
    definitions: await readDefinitions(database),
    rows,
    sequences: new Map((await readSequences(database)).map(({ name, value }) => [name, value])),
  }
}

/**
 * Empties a database that a test has used, and restores the rows that its migrations wrote. It must be run on a
 * connection with default settings.
 * @returns Whether the original state was restored; false if a test has changed something that cannot be.
 */
export async function restorePristine(database: Queryable, pristine: PristineState): Promise<boolean> {
  if ((await readDefinitions(database)) !== pristine.definitions) return false
  const tables = await database.query<{ name: string; isWritten: boolean }>(tablesQuery)
  const written = tables.filter(({ name, isWritten }) => isWritten && !pristine.rows.has(name))
  if (written.length > 0) await database.query(`truncate ${written.map(({ name }) => name).join(', ')} cascade`)
  for (const [name, rows] of pristine.rows) {
    if ((await readRows(database, name)) === rows) continue
    await database.query(`truncate ${name} cascade`)
    await database.query(
      `insert into ${name} overriding system value select * from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
      [rows],
    )
  }
  for (const { name, value } of await readSequences(database)) {
    const first = pristine.sequences.get(name) ?? null
    if (value === first) continue
    // Not "restart", which would rewrite the definition of the sequence.
    await database.query(
      first === null
        ? `select setval(seqrelid, seqstart, false) from pg_sequence where seqrelid = '${name}'::regclass`
        : `select setval('${name}', ${first})`,
    )
  }
  // Resets the planner's statistics about deleted rows.
  await database.query(`update pg_class set reltuples = -1, relpages = 0
    where relkind = 'r' and oid >= ${firstOwnObject} and reltuples <> -1`)
  await database.query(`delete from pg_statistic where starelid >= ${firstOwnObject}`)
  return true
}

async function readDefinitions(database: Queryable): Promise<string> {
  const [row] = await database.query<{ definitions: string }>(definitionsQuery)
  return row?.definitions ?? ''
}

async function readRows(database: Queryable, table: string): Promise<string> {
  const [row] = await database.query<{ rows: string }>(
    `select coalesce(jsonb_agg(r order by r::text), '[]')::text as rows from ${table} r`,
  )
  return row?.rows ?? '[]'
}

function readSequences(database: Queryable): Promise<{ name: string; value: string | null }[]> {
  return database.query(sequencesQuery)
}
