import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOn, testDatabasePrefix } from '@stagewatch/db/test-run.ts'

export interface EmptyPlace {
  readonly databaseUrl?: string
  readonly dataDirectory: string
  readonly remove: () => Promise<void>
}

/** A data directory without a database, and where there is a server, a PostgreSQL database without tables. */
export async function emptyPlaces(): Promise<[EmptyPlace, EmptyPlace?]> {
  const parent = await mkdtemp(join(tmpdir(), 'stagewatch-'))
  const remove = () => rm(parent, { recursive: true, force: true })
  const embedded = { dataDirectory: join(parent, 'data'), remove }
  const server = process.env['TEST_DATABASE_URL']
  if (server === undefined) return [embedded]
  const name = `${testDatabasePrefix()}${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return [
    embedded,
    {
      databaseUrl: url.href,
      dataDirectory: '',
      async remove() {
        await runOn(server, `drop database if exists ${name} with (force)`)
        await remove()
      },
    },
  ]
}
