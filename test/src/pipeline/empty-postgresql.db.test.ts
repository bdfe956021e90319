import { randomBytes } from 'node:crypto'
import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { describe, expect, it } from 'vitest'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'

const testServer = process.env['TEST_DATABASE_URL']

describe('an empty PostgreSQL database', skipUnless(testServer !== undefined, 'migrations on PostgreSQL'), () => {
  it('is migrated once by two servers that start at the same time', async () => {
    const name = `stagewatch_test_${randomBytes(6).toString('hex')}`
    const maintenance = openPostgresql(testServer!)
    await maintenance.query(`create database ${name}`)
    const url = new URL(testServer!)
    url.pathname = `/${name}`
    try {
      const servers = await Promise.all([
        spawnServer({ databaseUrl: url.href }),
        spawnServer({ databaseUrl: url.href }),
      ])
      await Promise.all(servers.map((server) => server.close()))
      const database = openPostgresql(url.href)
      const applied = await database.query<{ hash: string }>('select hash from drizzle.__drizzle_migrations')
      await database.close()
      expect(applied.length).toBeGreaterThan(0)
      expect(new Set(applied.map(({ hash }) => hash)).size).toBe(applied.length)
    } finally {
      await maintenance.query(`drop database ${name} with (force)`)
      await maintenance.close()
    }
  })
})
