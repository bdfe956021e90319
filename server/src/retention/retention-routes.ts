import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import {
  archiveCancelled,
  archiveRestore,
  archiveRestored,
  archiveRun,
  archivesAnswer,
  archivesQuery,
  retention,
  siteRetention,
} from '@stagewatch/shared/contract/retention.ts'
import type { Archive, ArchivesAnswer, Retention } from '@stagewatch/shared/contract/retention.ts'
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { callerOf } from '../access/route-access.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { archiveEndings } from './archive-directory.ts'
import type { ArchiveRunner } from './archive-runner.ts'
import { cancelRun, isUnderWay, loadRun, viewOfRun } from './archive-runs-table.ts'
import { hashOfPart, partFile } from './part-files.ts'
import type { PartName } from './part-files.ts'
import { restoreArchived } from './restore-archived.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

interface RetentionRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly archiver: ArchiveRunner
}

export function retentionRoutes(app: TypedApp, { sites, database, clock, archiver }: RetentionRouteOptions): void {
  app.get('/api/v1/retention', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'When the events of ended orders are archived',
      tags,
      querystring,
      response: { 200: siteRetention, ...refusals },
    },
    handler: async (request) => versioned((await sites.get(callerOf(request).site)).retention.now),
  })

  app.put('/api/v1/retention', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Set after how many months the events of ended orders are archived; without a number, never',
      tags,
      querystring,
      body: retention,
      response: { 200: siteRetention, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      await pipeline.retention.save(request.body, actorOf(caller), expectedVersion(request.headers))
      return versioned(pipeline.retention.now)
    },
  })

  app.get('/api/v1/archives', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Archives of the site, a page at a time, and the last run of archiving',
      tags,
      querystring: archivesQuery,
      response: { 200: archivesAnswer, ...refusals },
    },
    handler: (request) => listArchives(database, callerOf(request).site, request.query),
  })

  app.post('/api/v1/archives/run', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Archive now; the run continues after the response',
      tags,
      querystring,
      response: { 200: archiveRun, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      await archiver.start(await sites.get(caller.site))
      await record(caller, 'archive.started')
      const row = await loadRun(database, caller.site)
      if (row === undefined) throw new Error('the run has not begun')
      return viewOfRun(row, true)
    },
  })

  app.delete('/api/v1/archives/run', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'End archiving after the current slice; what is archived stays so',
      tags,
      querystring,
      response: { 200: archiveCancelled, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const cancelled = await cancelRun(database, caller.site)
      if (cancelled) await record(caller, 'archive.cancelled')
      return { cancelled }
    },
  })

  app.post('/api/v1/archives/restore', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Bring an order, or all orders of an archive, back into the log',
      tags,
      querystring,
      body: archiveRestore,
      response: { 200: archiveRestored, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const { directory } = archiver
      const context = { database, pipeline, directory, actor: actorOf(caller), now: clock.now() }
      return restoreArchived(context, request.body)
    },
  })

  async function record(
    caller: ReturnType<typeof callerOf>,
    action: 'archive.started' | 'archive.cancelled',
  ): Promise<void> {
    const change = { changedAt: clock.now(), actor: actorOf(caller), action, subject: '' } as const
    await recordChange(database, caller.site, { ...change, before: undefined, after: undefined })
  }
}

function versioned(now: Retention) {
  return { ...now, version: versionOf(now) }
}

async function listArchives(
  database: Database,
  site: string,
  { limit, cursor }: z.output<typeof archivesQuery>,
): Promise<ArchivesAnswer> {
  const on = drizzleOn(database)
  const isOlder = cursor === undefined ? undefined : lt(archives.id, Number(cursor))
  const rows = await on
    .select()
    .from(archives)
    .where(and(eq(archives.site, site), isOlder))
    .orderBy(desc(archives.id))
    .limit(limit + 1)
  const [totals] = await on
    .select({
      archives: sql<number>`count(*)::float8`,
      orders: sql<number>`coalesce(sum(${archives.orderCount}), 0)::float8`,
      restoredOrders: sql<number>`coalesce(sum(${archives.restoredCount}), 0)::float8`,
      events: sql<number>`coalesce(sum(${archives.eventCount}), 0)::float8`,
      bytes: sql<number>`coalesce(sum(${archives.bytes}), 0)::float8`,
    })
    .from(archives)
    .where(eq(archives.site, site))
  const run = await loadRun(database, site)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    archives: shown.map(viewOfArchive),
    ...(rows.length > limit && last !== undefined && { cursor: String(last.id) }),
    totals: totals ?? { archives: 0, orders: 0, restoredOrders: 0, events: 0, bytes: 0 },
    ...(run !== undefined && { run: viewOfRun(run, await isUnderWay(database, site)) }),
  }
}

function viewOfArchive(row: typeof archives.$inferSelect): Archive {
  const { name, month, archivedAt, orderCount, eventCount, restoredCount, firstEventAt, lastEventAt, bytes } = row
  const { correctionCount, approvalCount } = row
  const correctionsFile = fileOfPart(row, 'corrections')
  const approvalsFile = fileOfPart(row, 'approvals')
  return {
    name,
    month,
    archivedAt,
    orders: orderCount,
    events: eventCount,
    restoredOrders: restoredCount,
    firstEventAt,
    lastEventAt,
    bytes,
    files: [
      { name: name + archiveEndings.events, sha256: row.eventsSha256 },
      { name: name + archiveEndings.log, sha256: row.logSha256 },
    ],
    ...(correctionCount !== null && { corrections: correctionCount }),
    ...(correctionsFile !== undefined && { correctionsFile }),
    ...(approvalCount !== null && { approvals: approvalCount }),
    ...(approvalsFile !== undefined && { approvalsFile }),
  }
}

function fileOfPart(row: typeof archives.$inferSelect, part: PartName) {
  const hash = hashOfPart(row, part)
  return hash === null ? undefined : { name: partFile(row.name, part, hash), sha256: hash }
}
