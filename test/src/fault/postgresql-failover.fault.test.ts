import { openPostgresql } from '@stagewatch/db/postgresql.ts'
import { describe, expect, it } from 'vitest'
import { createKey } from '../harness/create-key.ts'
import { findPostgresqlPrograms, PostgresqlCluster } from '../harness/postgresql-cluster.ts'
import { sendUntilStored } from '../harness/send-until-stored.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { shippingLog } from './shipping-log.ts'
import { expectLog, expectShown } from './shipping-truth.ts'
import { eventually } from '../harness/eventually.ts'

const programs = await findPostgresqlPrograms()
const senderCount = 4
const batchSize = 25

describe(
  'a PostgreSQL primary that dies while events come in',
  skipUnless(programs !== undefined, 'failover of PostgreSQL (needs its server programs and the right to run them)'),
  () => {
    const events = shippingLog(300)
    const batches = Array.from({ length: Math.ceil(events.length / batchSize) }, (_, i) =>
      events.slice(i * batchSize, (i + 1) * batchSize),
    )

    it('is replaced by its standby: every acknowledged event is there once, and the figures are right', async () => {
      const primary = await PostgresqlCluster.create(programs!)
      const standby = await primary.addSynchronousStandby()
      const url = `postgres://postgres@${primary.host},${standby.host}/postgres?target_session_attrs=read-write`
      const server = await spawnServer({ databaseUrl: url })
      try {
        const key = await createKey({ DATABASE_URL: url }, 'ingest,void')
        let sent = 0
        let answered = 0
        let failed = 0
        let failover: Promise<void> | undefined
        const send = async (): Promise<void> => {
          for (let batch = batches[sent++]; batch !== undefined; batch = batches[sent++]) {
            const { answer, failedCount } = await sendUntilStored(batch, key, () => server.url)
            expect(answer.accepted + answer.duplicate).toBe(batch.length)
            failed += failedCount
            answered += 1
            if (answered === Math.floor(batches.length / 2)) failover = failOver()
          }
        }
        const failOver = async (): Promise<void> => {
          await primary.kill()
          // The readiness check of a balancer, before another primary is available.
          await eventually(async () => expect((await fetch(`${server.url}/readyz`)).status).toBe(503))
          await standby.promote()
          await eventually(async () => expect((await fetch(`${server.url}/readyz`)).status).toBe(200))
        }
        await Promise.all(Array.from({ length: senderCount }, send))
        await failover
        expect(failed).toBeGreaterThan(0)
        await expectShown(server.url, events)
        const database = openPostgresql(`postgres://postgres@${standby.host}/postgres`)
        try {
          await expectLog(database, events)
        } finally {
          await database.close()
        }
        expect((await server.kill('SIGTERM')).code).toBe(0)
      } finally {
        await server.close()
        await standby.remove()
        await primary.remove()
      }
    })
  },
)
