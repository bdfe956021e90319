import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { expect, it } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../../../docs/operating/retention.md'), 'utf8')

it('the document on retention says of every table with orders what becomes of them', async () => {
  const database = await openTestDatabase()
  try {
    const tables = await database.query<{ name: string }>(
      `select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
       where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = 'order_id'
       union
       select conrelid::regclass::text from pg_constraint
       where contype = 'f' and confrelid in (
         select attrelid from pg_attribute where attname = 'order_id' and attnum > 0 and not attisdropped)`,
    )
    expect(tables.length).toBeGreaterThan(12)
    const [, rows = ''] = page.split('## Everything that is stored about an order')
    const named = new Set([...rows.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []))
    expect(tables.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([])
  } finally {
    await database.close()
  }
})
