import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { z } from 'zod'
import { shippingLog } from '../fault/shipping-log.ts'

/** What a server of an earlier version has stored and answered, see `record-version.ts`. */
const oldVersionData = z.object({
  commit: z.string(),
  /** Of the commit. */
  date: z.string(),
  /** Times of the migrations that it knew. */
  migrations: z.array(z.int()),
  /** Its rows by table, without columns with transaction ids. */
  tables: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))),
  /** By path: what it answered. */
  answers: z.record(z.string(), z.unknown()),
  /** The key with which it answered. */
  key: z.string(),
})
export type OldVersionData = z.infer<typeof oldVersionData>

export const versionsFolder = fileURLToPath(new URL('versions', import.meta.url))

/** All recorded versions, the oldest first. */
export async function readOldVersions(): Promise<OldVersionData[]> {
  const files = (await readdir(versionsFolder)).filter((name) => name.endsWith('.json.gz'))
  return Promise.all(
    files.toSorted().map(async (name) => {
      const json = await promisify(gunzip)(await readFile(join(versionsFolder, name)))
      return oldVersionData.parse(JSON.parse(json.toString()))
    }),
  )
}

/** Answers that contain figures. A version has those of its time. */
export const paths = [
  '/api/v1/board?site=main',
  '/api/v1/stages/stats?site=main',
  '/api/v1/orders?site=main&limit=100',
  ...['SO-0', 'SO-5', 'SO-9'].map((order) => `/api/v1/orders/${order}?site=main`),
  '/api/v1/admin/processes',
  '/api/v1/admin/calendars',
  '/api/v1/departments',
  '/api/v1/tasks',
  '/api/v1/alert-rules',
  '/api/v1/channels',
] as const

const hourMs = 3_600_000
/** So long ago that no figure of the last days, weeks or months contains it, whenever a version is recorded. */
const beginAt = Date.parse('2026-03-02T08:00:00+08:00')

/** Orders of one month with rework, holds and events that were taken back, of which every third is still open. */
export function oldEvents(): OrderEvent[] {
  const events = shippingLog(12, beginAt)
  const ends = Array.from({ length: 12 }, (_, i): OrderEvent => {
    const order = `SO-${i}`
    const occurredAt = Math.max(...events.filter((event) => event.order === order).map((event) => event.occurredAt))
    return {
      source: 'erp',
      id: `${order}-end`,
      type: 'order.completed',
      order,
      occurredAt: occurredAt + hourMs,
      data: {},
    }
  })
  const facts = { customer: 'ACME', product: 'P-7', priority: 'high' }
  const placed = events.map((event) => (event.type === 'order.placed' ? { ...event, data: facts } : event))
  return [...placed, ...ends.filter((_, i) => i % 3 !== 0)]
}

/** Requests that store more than events. A version that does not have the route refuses it. */
export const settings: readonly (readonly [method: 'PUT' | 'POST', path: string, body: unknown])[] = [
  [
    'PUT',
    'admin/processes/default',
    {
      code: 'default',
      name: { zh: '发货', en: 'Shipping' },
      stages: [
        {
          code: 'picking',
          name: { zh: '拣货', en: 'Picking' },
          targetMs: 3 * hourMs,
          warnAtRatio: 0.8,
          toleranceRatio: 0.1,
        },
        {
          code: 'packing',
          name: { zh: '包装', en: 'Packing' },
          targetMs: 1.5 * hourMs,
          warnAtRatio: 0.8,
          toleranceRatio: 0.1,
        },
      ],
      acceptsNewStages: true,
      goals: { overdueCeiling: 3, onTimeRatio: 0.95 },
    },
  ],
  ['POST', 'tasks', { id: '0b6c9a52-6d7f-4e0e-9d55-6f2f1f3a4c11', title: 'Call the carrier', order: 'SO-0' }],
  [
    'POST',
    'alert-rules',
    {
      name: 'Overdue',
      severity: 'warning',
      enabled: false,
      condition: { kind: 'target', ratio: 1 },
      scope: {},
      ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
      acknowledgedForMs: hourMs,
      mergeMs: 0,
    },
  ],
]
