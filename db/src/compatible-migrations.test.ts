import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import journal from '../migrations/meta/_journal.json' with { type: 'json' }
import { findBreakingStatements, tablesCreatedBy } from './testing/breaking-statements.ts'
import { oldestCompatible } from './installed-versions.ts'
import { migrationsFolder } from './migrate.ts'

/**
 * Statements that the rule refuses although the previous version can run with them, by migration: the beginning of the
 * statement, and why it is harmless. "Migrations" in CONTRIBUTING says when that is so.
 */
const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0056_due-messages': {
    'DROP INDEX "messages_waiting"': 'it is not unique, and the new index has the same first columns',
  },
}

const textOf = (tag: string): string => readFileSync(join(migrationsFolder, `${tag}.sql`), 'utf8')
const tagOf = (number: string): string => journal.entries.find(({ tag }) => tag.startsWith(number))?.tag ?? ''

const compatible = journal.entries.slice(journal.entries.findIndex(({ tag }) => tag === oldestCompatible) + 1)
const newTables = new Set(compatible.flatMap(({ tag }) => tablesCreatedBy(textOf(tag))))

describe('the previous version can run with', () => {
  it.each(compatible.map(({ tag }) => tag))('%s', (tag) => {
    const harmless = Object.keys(allowed[tag] ?? {})
    const breaking = findBreakingStatements(textOf(tag), newTables)
    expect(breaking.filter(({ statement }) => !harmless.some((begin) => statement.startsWith(begin)))).toEqual([])
  })

  it('statements that are allowed exist', () => {
    const unused = Object.entries(allowed).flatMap(([tag, statements]) => {
      const found = findBreakingStatements(textOf(tag), newTables)
      return Object.keys(statements).filter((begin) => !found.some(({ statement }) => statement.startsWith(begin)))
    })
    expect(unused).toEqual([])
  })
})

it('the oldest compatible migration is one of them', () => {
  expect(journal.entries.map(({ tag }) => tag)).toContain(oldestCompatible)
})

describe('breaking statements', () => {
  it.each([
    ['0019', 'names in two columns that become one'],
    ['0021', 'columns with another name'],
    ['0022', 'foreign keys of existing tables'],
  ])('are found in %s: %s', (number) => {
    expect(findBreakingStatements(textOf(tagOf(number)), new Set())).not.toEqual([])
  })

  it.each(['0024', '0033', '0044'])('are not found in %s, which only adds', (number) => {
    const text = textOf(tagOf(number))
    expect(findBreakingStatements(text, new Set(tablesCreatedBy(text)))).toEqual([])
  })

  it.each([
    ['alter table "orders" add column "a" text not null', 'it adds rows without the column'],
    ['ALTER TABLE "orders" ALTER COLUMN "a" SET DATA TYPE bigint', 'it reads values of the type of before'],
    ['ALTER TABLE orders ALTER COLUMN a SET NOT NULL', 'it may store nothing there'],
    ['drop table if exists "orders"', 'it reads and writes the table'],
    ['create unique index "one" on "orders" using btree ("a")', 'its rows may repeat the values'],
    ["update orders set a = 'new'", 'it may not understand the rows, or changes them back'],
    ['-- harmless\nselect 1; delete from orders', 'it may not understand the rows, or changes them back'],
  ])('%s: %s', (statement, reason) => {
    const [found] = findBreakingStatements(statement, new Set())
    expect(found?.reason).toBe(reason)
    expect(findBreakingStatements(statement, new Set(['orders']))).toEqual([])
  })

  it.each([
    'alter table "orders" add column "a" text',
    "alter table orders add column a text default '' not null",
    'create index "i" on "orders" using btree ("a")',
    'create or replace function f() returns trigger language plpgsql as $$ begin delete from orders; return null; end $$',
  ])('%s is none', (statement) => {
    expect(findBreakingStatements(statement, new Set())).toEqual([])
  })
})
