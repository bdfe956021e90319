import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const textOf = (page: string): string => readFileSync(join(root, 'docs/operating', page), 'utf8')
const page = textOf('limits.md')

/** Rows of docs/operating/limits.md, and the constants that their figures come from. */
const limits: readonly (readonly [row: string, file: string, ...constants: readonly string[]])[] = [
  ['events of an order', 'server/src/ingest/commit/order-limit.ts', 'maxOrderEvents'],
  [
    'files that a server instance reads concurrently',
    'server/src/ingest/imports/import-jobs.ts',
    'maxRunning',
    'maxWaiting',
  ],
  ['columns of an imported file', 'server/src/ingest/tables/table-file.ts', 'maxColumns'],
  ['sources of a site', 'server/src/ingest/sources/source-registry.ts', 'maxSources'],
  ['JSON in a request body', 'server/src/platform/http/read-json.ts', 'maxDepth', 'maxMembers'],
  ['stages remembered of a source', 'server/src/ingest/sources/source-registry.ts', 'maxStagesOfSource'],
  ['quarantine of a site', 'server/src/ingest/quarantine/save-quarantine.ts', 'maxQuarantined'],
  ['recordings of a server instance', 'server/src/live/recordings/recordings.ts', 'maxRecordings', 'maxEvents'],
  ['recordings of a viewer', 'server/src/live/recordings/recordings.ts', 'maxOfViewer'],
  ['department views of a site', 'server/src/boards/department-views.ts', 'maxViews'],
  ['names in the statistics of a site', 'server/src/engine/ended-visits.ts', 'maxNames', 'maxDepartments'],
  ['visit stores cached by a scan thread', 'server/src/engine/scans/scan-worker.ts', 'maxKnownStores'],
  ['texts cached while reading from the database', 'db/src/text-cache.ts', 'maxTexts', 'maxBytes'],
  ['webhooks of a site', 'server/src/connections/manage-webhooks.ts', 'maxWebhooks'],
  ['stored messages of a webhook', 'server/src/connections/deliveries-table.ts', 'maxDeliveries', 'deliveriesKeptDays'],
  ['channels of a site', 'server/src/channels/manage-channels.ts', 'maxChannels'],
  ['stored messages to people of a site', 'server/src/channels/message-log.ts', 'maxMessages', 'keptDays'],
  ['browsers that show push messages to a person', 'server/src/channels/push/push-table.ts', 'maxOfPerson'],
  ['records of overdue orders and bottlenecks', 'server/src/transitions/transitions-table.ts', 'keptDays'],
  ['sessions of a person', 'server/src/identity/sessions-table.ts', 'maxSessions'],
]

it.each(limits)('the documented limit of %s is that of %s', (row, file, ...constants) => {
  const [, figures = ''] = new RegExp(`^\\| ${row} +\\|([^|]+)\\|`, 'm').exec(page) ?? []
  const shown = figures.match(/\d[\d,]*/g)?.map((text) => Number(text.replaceAll(',', ''))) ?? []
  const source = readFileSync(join(root, file), 'utf8')
  for (const constant of constants) {
    const [, value = ''] = new RegExp(`const ${constant} = ([\\d_]+)$`, 'm').exec(source) ?? []
    expect(shown, `${constant} of ${file}`).toContain(Number(value.replaceAll('_', '')))
  }
})
