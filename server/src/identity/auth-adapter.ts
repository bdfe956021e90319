import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { BetterAuthOptions } from 'better-auth'
import { createAdapterFactory } from 'better-auth/adapters'
import type { CleanedWhere, CustomAdapter, DBAdapter } from 'better-auth/adapters'
import { columnOf, SqlParameters, whereClause } from './where-clause.ts'

/** Our name for each table of better-auth. */
const tables: Readonly<Record<string, string>> = {
  user: 'users',
  session: 'user_sessions',
  account: 'user_accounts',
  verification: 'user_verifications',
  twoFactor: 'two_factors',
}

const transactions = new AsyncLocalStorage<Queryable>()

/** The transaction that better-auth has open here, else the database: the embedded one would wait for itself. */
export function currentQueryable(database: Queryable): Queryable {
  return transactions.getStore() ?? database
}

/** Stores what better-auth keeps in our database, whichever engine it is. */
export function authAdapter(database: Database): (options: BetterAuthOptions) => DBAdapter {
  return (options) => {
    const adapterOn = (queryable: Queryable, transaction: Transaction | false): DBAdapter =>
      createAdapterFactory({
        config: { adapterId: 'stagewatch', supportsDates: false, transaction },
        adapter: () => typed(statements(queryable)),
      })(options)
    return adapterOn(database, (work) =>
      database.transaction((tx) => transactions.run(tx, () => work(adapterOn(tx, false)))),
    )
  }
}

type Transaction = <R>(work: (adapter: DBAdapter) => Promise<R>) => Promise<R>
type Row = Record<string, unknown>

function statements(queryable: Queryable): RowAdapter {
  const run = async (text: string, parameters: SqlParameters): Promise<Row[]> =>
    (await queryable.query<Row>(text, parameters.values)).map(withFieldNames)

  const changed = (model: string, where: readonly CleanedWhere[], change: Change, onlyOne: boolean) => {
    const parameters = new SqlParameters()
    const assignments = [
      ...Object.entries(change.set).map(([field, value]) => `${columnOf(field)} = ${parameters.add(value)}`),
      ...Object.entries(change.increment ?? {}).map(
        ([field, step]) => `${columnOf(field)} = ${columnOf(field)} + ${parameters.add(step)}`,
      ),
    ]
    const clause = chosen(model, where, parameters, onlyOne)
    return run(`update ${tableOf(model)} set ${assignments.join(', ')} ${clause} returning *`, parameters)
  }
  const deleted = (model: string, where: readonly CleanedWhere[], onlyOne = false) => {
    const parameters = new SqlParameters()
    return run(`delete from ${tableOf(model)} ${chosen(model, where, parameters, onlyOne)} returning *`, parameters)
  }

  return {
    async create({ model, data }) {
      const parameters = new SqlParameters()
      const values = Object.values(data).map((value) => parameters.add(value))
      const columns = Object.keys(data).map(columnOf)
      const text = `insert into ${tableOf(model)} (${columns.join(', ')}) values (${values.join(', ')}) returning *`
      return (await run(text, parameters))[0]
    },
    update: async ({ model, where, update }) => (await changed(model, where, { set: update as Row }, true))[0] ?? null,
    updateMany: async ({ model, where, update }) => (await changed(model, where, { set: update }, false)).length,
    incrementOne: async ({ model, where, increment, set = {} }) =>
      (await changed(model, where, { set, increment }, true))[0] ?? null,
    async findOne({ model, where }) {
      const parameters = new SqlParameters()
      const clause = whereClause(where, parameters)
      return (await run(`select * from ${tableOf(model)} ${clause} limit 1`, parameters))[0] ?? null
    },
    async findMany({ model, where = [], limit, sortBy, offset = 0 }) {
      const parameters = new SqlParameters()
      const clause = whereClause(where, parameters)
      const order = sortBy === undefined ? '' : `order by ${columnOf(sortBy.field)} ${sortBy.direction}`
      const page = `limit ${parameters.add(limit)} offset ${parameters.add(offset)}`
      return await run(`select * from ${tableOf(model)} ${clause} ${order} ${page}`, parameters)
    },
    delete: async ({ model, where }) => void (await deleted(model, where)),
    deleteMany: async ({ model, where }) => (await deleted(model, where)).length,
    consumeOne: async ({ model, where }) => (await deleted(model, where, true))[0] ?? null,
    async count({ model, where = [] }) {
      const parameters = new SqlParameters()
      const text = `select count(*)::int as count from ${tableOf(model)} ${whereClause(where, parameters)}`
      return Number((await run(text, parameters))[0]?.['count'])
    },
  }
}

interface Change {
  readonly set: Row
  readonly increment?: Readonly<Record<string, number>>
}

/** Which rows; of those that fit only one, which nobody else changes meanwhile, when one is wanted. */
function chosen(model: string, where: readonly CleanedWhere[], parameters: SqlParameters, onlyOne: boolean): string {
  const clause = whereClause(where, parameters)
  return onlyOne ? `where id = (select id from ${tableOf(model)} ${clause} limit 1 for update)` : clause
}

function tableOf(model: string): string {
  const table = tables[model]
  if (table === undefined) throw new Error(`there is no table for ${model}`)
  return table
}

function withFieldNames(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column.replace(/_([a-z])/g, (_, l: string) => l.toUpperCase()),
      value,
    ]),
  )
}

type Given<Method extends Exclude<keyof CustomAdapter, 'options' | 'createSchema'>> = Parameters<
  NonNullable<CustomAdapter[Method]>
>[0]

interface RowAdapter {
  create(given: Given<'create'>): Promise<Row | undefined>
  update(given: Given<'update'>): Promise<Row | null>
  updateMany(given: Given<'updateMany'>): Promise<number>
  incrementOne(given: Given<'incrementOne'>): Promise<Row | null>
  findOne(given: Given<'findOne'>): Promise<Row | null>
  findMany(given: Given<'findMany'>): Promise<Row[]>
  delete(given: Given<'delete'>): Promise<void>
  deleteMany(given: Given<'deleteMany'>): Promise<number>
  consumeOne(given: Given<'consumeOne'>): Promise<Row | null>
  count(given: Given<'count'>): Promise<number>
}

/** The factory asks for rows of the type that it has stored; the tables have the columns of its schema. */
function typed(adapter: RowAdapter): CustomAdapter {
  return adapter as CustomAdapter
}
