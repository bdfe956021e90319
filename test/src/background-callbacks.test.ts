import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Code that nothing awaits: an uncaught error in it would end the server instance. */
const unattended =
  /\b(?:setTimeout|setInterval|queueMicrotask)\(|\.(?:on|once)\(\n?\s*'|\bvoid (?:this|[a-z]\w*)[.(](?!header|.*\bdelete\()/g

/**
 * Places where the server runs a callback or leaves a promise unawaited, each with the reason why no error can escape.
 * Timers belong in `clock/clock.ts`, repeated work in `clock/every.ts`, and socket handlers use `socketHandler`.
 */
const reviewed: Record<string, { readonly count: number; readonly because: string }> = {
  'db/src/disk-space.ts': { count: 1, because: 'the promise is caught' },
  'db/src/dump/load-dump.ts': { count: 2, because: 'they settle a promise that is awaited' },
  'server/src/audit/audit-routes.ts': { count: 1, because: 'an assignment does not throw' },
  'server/src/erasure/erasure-routes.ts': { count: 1, because: 'aborting does not throw' },
  'server/src/platform/brief-cache.ts': { count: 1, because: 'a failed lookup is thrown to its callers' },
  'server/src/platform/http/page-files.ts': { count: 1, because: 'the promise is awaited where it was started' },
  'server/src/backup/backup-routes.ts': { count: 1, because: 'aborting does not throw' },
  'server/src/backup/write-backup.ts': { count: 1, because: 'it settles a promise that is awaited' },
  'server/src/backup/read-backup.ts': { count: 1, because: 'destroying a stream does not throw' },
  'db/src/notice-listener.ts': { count: 1, because: 'the end of a session never rejects' },
  'db/src/postgresql-session.ts': {
    count: 7,
    because: 'both outcomes settle the caller; ending a client catches; an error of a stream is kept',
  },
  'db/src/transaction-pipeline.ts': {
    count: 2,
    because: 'what was asked is kept, and awaited before the session is free',
  },
  'db/src/waiter-queue.ts': { count: 1, because: 'the timer resolves a promise' },
  'server/src/ingest/commit/group-commit.ts': { count: 2, because: 'both outcomes of a commit settle its callers' },
  'server/src/ingest/quarantine/quarantined-events.ts': {
    count: 1,
    because: 'the promise is caught, and its failure ends the commit',
  },
  'server/src/log/in-statements.ts': { count: 1, because: 'the promise is caught, and its failure ends the commit' },
  'server/src/rules/rules-version.ts': { count: 1, because: 'the promise is caught, and its failure ends the commit' },
  'server/src/connections/guarded-post.ts': { count: 2, because: 'they settle a promise that is awaited' },
  'server/src/ingest/imports/file-reader.ts': { count: 4, because: 'they settle promises only' },
  'server/src/ingest/imports/import-jobs.ts': { count: 1, because: 'the promise is caught' },
  'server/src/ingest/imports/import-thread.ts': {
    count: 2,
    because: 'a thread that throws ends, and its import is broken off',
  },
  'server/src/ingest/tables/read-xml.ts': { count: 5, because: 'they run within the call that hands a text over' },
  'server/src/platform/http/http-app.ts': {
    count: 3,
    because: 'the library calls it within the handling of a request; closing connections does not throw',
  },
  'server/src/access/shed-requests.ts': { count: 1, because: 'it only counts' },
  'server/src/platform/load/accept-probe.ts': { count: 2, because: 'they only take times and destroy sockets' },
  'server/src/platform/load/load-monitor.ts': { count: 1, because: 'measuring does not throw' },
  'server/src/query/order-routes.ts': { count: 1, because: 'it only counts' },
  'server/src/platform/tracing/trace-requests.ts': { count: 1, because: 'ending a span does not throw' },
  'server/src/ops/telemetry/open-telemetry.ts': { count: 1, because: 'the timer resolves a promise that is raced' },
  'server/src/boards/site-view.ts': { count: 1, because: 'the promise is caught' },
  'server/src/platform/clock/clock.ts': { count: 3, because: 'every callback is called in a try' },
  'server/src/ops/health-routes.ts': { count: 1, because: 'the timer rejects a promise that is raced' },
  'server/src/identity/auth.ts': { count: 1, because: 'the promise is caught' },
  'server/src/identity/credential-changes.ts': { count: 1, because: 'a notice that cannot be sent is logged' },
  'server/src/live/board-sockets.ts': { count: 10, because: 'handlers are guarded, the promise is caught' },
  'server/src/live/live-query.ts': { count: 1, because: 'the promise is caught' },
  'server/src/screens/basic-wall-routes.ts': { count: 1, because: 'it only sends a page, and Fastify catches' },
  'server/src/screens/screen-sockets.ts': { count: 4, because: 'handlers are guarded; looking catches by itself' },
  'server/src/live/socket-authorization.ts': { count: 1, because: 'rechecking a socket catches by itself' },
  'server/src/boards/memory-limit.ts': { count: 1, because: 'the promise is caught' },
  'server/src/live/recordings/recording.ts': { count: 1, because: 'stopping repeated work never rejects' },
  'server/src/engine/scans/scan-thread.ts': {
    count: 1,
    because: 'a thread that throws ends, and its questions are rejected',
  },
  'server/src/engine/scans/scan-worker.ts': { count: 4, because: 'they settle promises only' },
  'server/src/alerts/alert-routes.ts': { count: 1, because: 'it only says that nobody waits any more' },
  'server/src/analysis/answer-analysis.ts': {
    count: 2,
    because: 'one says that nobody waits any more, the timer resolves a promise',
  },
  'server/src/query/dry-run-routes.ts': { count: 1, because: 'ending a dry run removes a name from a set' },
  'server/src/projection/read-orders.ts': { count: 4, because: 'they settle a promise; taking a page is guarded' },
  'server/src/sites/site-pipeline.ts': { count: 1, because: 'the promise is caught' },
  'server/src/start-background-tasks.ts': { count: 4, because: 'the promises are caught' },
}

it('every callback and unawaited promise of the server has been reviewed', async () => {
  const found: Record<string, number> = {}
  for (const folder of ['db/src', 'server/src']) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      const isCode = entry.isFile() && /(?<!test)\.ts$/.test(entry.name) && !/\/(?:testing|cli|sample)\//.test(path)
      if (!isCode) continue
      const count = [...(await readFile(path, 'utf8')).matchAll(unattended)].length
      if (count > 0) found[relative(root, path).replaceAll('\\', '/')] = count
    }
  }
  const expected = Object.fromEntries(Object.entries(reviewed).map(([path, { count }]) => [path, count]))
  expect(found).toEqual(expected)
})
