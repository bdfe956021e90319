import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { archivesAnswer } from '@stagewatch/shared/contract/retention.ts'
import type { ArchivesAnswer } from '@stagewatch/shared/contract/retention.ts'
import { expect } from 'vitest'
import { figuresOf } from '../backup/figures.ts'
import { plantHistory } from '../backup/plant-history.ts'
import { moreEvents } from '../export/more-events.ts'
import { eventuallyWithin } from '../harness/eventually.ts'
import { sendEvents } from '../harness/send-events.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'

export const now = Date.UTC(2026, 10, 27, 2)
export const dayMs = 24 * 3_600_000
/** When the orders of `fillPlant` ended that are to be archived. */
export const longAgo = now - 430 * dayMs

/** Old orders in every state, and orders of the last days, some of which have ended. */
export async function fillPlant(server: StartedServer, key: string): Promise<void> {
  await plantHistory(server, key, longAgo)
  await sendEvents(server.url, key, moreEvents(longAgo))
  await sendEvents(server.url, key, [...endedOrders('OLD', 60, longAgo), ...endedOrders('NEW', 12, now - 5 * dayMs)])
}

/** Orders that pass two stages and then end, one after another. */
export function endedOrders(prefix: string, count: number, from: number, everyMs = 3_600_000) {
  return Array.from({ length: count }, (_, i) => {
    const order = `${prefix}-${i}`
    const event = (id: string, type: string, minutes: number, more: object = {}) => ({
      source: i % 2 === 0 ? 'wms' : 'erp/二号',
      id: `${order}-${id}`,
      type,
      order,
      occurredAt: new Date(from + i * everyMs + minutes * 60_000).toISOString(),
      ...more,
    })
    return [
      event('1', 'order.placed', 0, { data: { customer: `客户 ${i % 5}`, amount: i } }),
      event('2', 'stage.entered', 10, { stage: 'picking', actor: 'Wang' }),
      event('3', 'stage.entered', 40 + i, { stage: 'packing' }),
      event('4', i % 6 === 0 ? 'order.cancelled' : 'order.completed', 90 + 3 * i),
    ]
  }).flat()
}

/** What users see of orders of all ages, except the events of single orders. */
export function figurePaths(from = longAgo - 20 * dayMs, to = longAgo + 10 * dayMs): string[] {
  const [since, until] = [new Date(from).toISOString(), new Date(to).toISOString()]
  const period = `from=${since}&to=${until}`
  return [
    'board',
    'overview',
    `stages/stats?${period}`,
    ...['breachRatio', 'p50', 'p90', 'wip', 'visits'].flatMap((metric) =>
      ['stage', 'customer'].map((rows) => `stages/heatmap?metric=${metric}&rows=${rows}&columns=day&${period}`),
    ),
    `analysis/time?${period}`,
    `analysis/parts?${period}`,
    `analysis/dwell?${period}`,
    `analysis/flow?${period}`,
    `analysis/paths?${period}`,
    `analysis/outliers?${period}`,
    'orders?status=completed&limit=200',
    'orders?status=open&limit=200',
  ]
}

export async function loadFigures(server: StartedServer, key: string, paths = figurePaths()): Promise<unknown> {
  const found = await figuresOf(server, key, paths, ['asOf', 'dataAsOf'])
  // Paths of the same number of orders come in any order after a restart.
  return JSON.parse(JSON.stringify(found), (_, value: unknown) => (isPaths(value) ? value.toSorted(byId) : value))
}

interface Path {
  readonly id: string
}

function isPaths(value: unknown): value is Path[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => one !== null && typeof one === 'object' && 'deviates' in one)
  )
}

function byId(a: Path, b: Path): number {
  return a.id < b.id ? -1 : 1
}

export async function keepMonths({ url }: StartedServer, key: string, archiveAfterMonths: number): Promise<void> {
  const reply = await call(`${url}/api/v1/retention`, { key, method: 'PUT', body: { archiveAfterMonths } })
  expect([reply.status, reply.body]).toEqual([200, reply.body])
}

export async function listArchives({ url }: StartedServer, key: string): Promise<ArchivesAnswer> {
  const { status, body } = await call(`${url}/api/v1/archives?limit=200`, { key })
  expect([status, body]).toEqual([200, body])
  return archivesAnswer.parse(body)
}

/** Archives what is due, and waits for the end of the run. */
export async function archiveNow(server: StartedServer, key: string): Promise<ArchivesAnswer> {
  const { status, body } = await call(`${server.url}/api/v1/archives/run`, { key, method: 'POST', body: {} })
  expect([status, body]).toEqual([200, body])
  return eventuallyWithin(120_000, async () => {
    const answer = await listArchives(server, key)
    expect(answer.run?.state).not.toBe('running')
    return answer
  })
}

/** Names of the files in the folder of the site. */
export async function filesIn(directory: string, site = 'main'): Promise<string[]> {
  return (await readdir(join(directory, site))).toSorted()
}

/** The log with everything that it knows, in a form that can be compared. */
export async function wholeLog({ database }: StartedServer): Promise<readonly string[]> {
  const rows = await database.query<{ row: string }>(
    `select to_jsonb(e)::text as row from events e where site = 'main' order by position`,
  )
  return rows.map(({ row }) => row)
}
