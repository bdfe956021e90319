import { expect } from 'vitest'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'

/** What users and programs see of the orders of a site. */
export const orderPaths = [
  'board',
  'stages/stats',
  'stages/heatmap?metric=wip&rows=stage&columns=hour',
  'orders?limit=200',
  'orders/SO-7',
  'orders/SO-8',
]

/** Differs between two servers on the same data. */
const ofInstance = ['epoch', 'version', 'position', 'sources', 'cursor']

/** @param without further fields that may differ. */
export async function figuresOf(
  { url }: StartedServer,
  token: string,
  paths: readonly string[],
  without: readonly string[] = [],
): Promise<unknown> {
  const omitted = new Set([...ofInstance, ...without])
  const found: Record<string, unknown> = {}
  for (const path of paths) {
    const { status, body } = await call(`${url}/api/v1/${path}`, { key: token })
    expect([path, status]).toEqual([path, 200])
    const text = JSON.stringify(body, (name, value: unknown) => (omitted.has(name) ? undefined : value))
    found[path] = JSON.parse(text) as unknown
  }
  return found
}
