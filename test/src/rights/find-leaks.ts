import type { RouteRule, RouteAccess } from '@stagewatch/server/access/route-access.ts'
import { actionsOf, type Action, type Role } from '@stagewatch/shared/domain/access/action.ts'
import type { Reply } from '../http/call.ts'
import type { Visitor } from '../identity/visitor.ts'
import { hidden, secret } from './secret-plant.ts'
import { isSignIn, routeMap } from './route-map.ts'

/** A signed-in visitor. */
export interface Somebody {
  readonly role: Role
  /** Undefined means all. */
  readonly departments: readonly string[] | undefined
  readonly visitor: Visitor
}

type Routes = ReadonlyMap<string, RouteRule>

/** Routes that the map must contain, by name. */
export function mappedRoutes(routes: Routes): [string, RouteRule][] {
  return [...routes].filter(([, { method, url }]) => method !== 'HEAD' && !isSignIn(url))
}

/** Calls every restricted route and returns the calls that were refused or allowed wrongly. */
export async function wrongAnswers(routes: Routes, somebody: Somebody): Promise<string[]> {
  const { role, departments, visitor } = somebody
  const held = actionsOf(role, departments)
  const wrong: string[] = []
  for (const [name, { url, method }] of mappedRoutes(routes)) {
    const access = routeMap[name]
    if (access === undefined || access === 'everyone') continue
    const { status } = await visitor.call(addressOf(url), bodyFor(method))
    const isRefused = status === 401 || status === 403
    const isAllowed =
      access === 'identified' || access === 'member' || access === 'person' || (isAction(access) && held.has(access))
    if (isRefused === isAllowed) wrong.push(`${name} answers ${status}`)
  }
  return wrong
}

function isAction(access: RouteAccess): access is Action {
  return access.includes('.')
}

const ordersAsked = [hidden.order, 'V-1', 'S-1', 'W-SECRET', 'F-SECRET-9']

const questions: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/admin/export': ['', '?format=csv', '?format=xes'],
  '/api/v1/board': ['', '?board=overview:default'],
  '/api/v1/orders': [
    '',
    '?q=secret',
    '?status=open&sort=age',
    '?status=completed',
    '?limit=1',
    '?stage=ship',
    `?department=${hidden.department}`,
    `?customer=${hidden.customer}`,
    '?department=store&department=sales',
  ],
  '/api/v1/orders.csv': [
    '',
    '?q=secret',
    '?status=open&lang=zh',
    `?department=${hidden.department}`,
    `?customer=${hidden.customer}`,
  ],
  '/api/v1/orders/:order': ordersAsked.map((order) => `/${order}`),
  '/api/v1/orders/:order/progress': ordersAsked.map((order) => `/${order}/progress`),
  '/api/v1/stages/heatmap': ['stage', 'department', 'product', 'customer', 'customerClass'].flatMap((rows) => [
    ...['wip', 'visits', 'p50', 'breachRatio'].map((metric) => `?rows=${rows}&metric=${metric}`),
    `?rows=${rows}&columns=day&department=${hidden.department}`,
  ]),
  '/api/v1/stages/stats': ['', `?department=${hidden.department}`, `?customer=${hidden.customer}`],
  '/api/v1/overview': ['', `?department=${hidden.department}`, `?customer=${hidden.customer}`],
  '/api/v1/analysis/time': [
    ...['stage', 'department', 'product', 'customer', 'customerClass', 'weekday'].map((rows) => `?rows=${rows}`),
    `?rows=customer&department=${hidden.department}`,
    `?rows=product&customer=${hidden.customer}`,
  ],
  '/api/v1/analysis/parts': [
    ...['stage', 'department', 'product', 'customer', 'customerClass', 'weekday'].map((rows) => `?rows=${rows}`),
    `?rows=customer&department=${hidden.department}`,
    `?rows=product&customer=${hidden.customer}`,
  ],
  '/api/v1/analysis/dwell': ['', '?stage=ship', `?department=${hidden.department}`],
  '/api/v1/analysis/flow': ['', '?columns=hour', `?department=${hidden.department}`],
  '/api/v1/analysis/paths': ['', `?department=${hidden.department}`, `?customer=${hidden.customer}`],
  '/api/v1/analysis/paths/orders': ['open', 'completed'].flatMap((status) =>
    ['skipped=pick', 'skipped=ship', 'returned=ship', 'moveFrom=pick&moveTo=ship'].map(
      (figure) => `?${figure}&status=${status}`,
    ),
  ),
  '/api/v1/analysis/visits': [
    '',
    '?stage=pick',
    '?stage=ship&entered=period',
    `?stage=ship&department=${hidden.department}`,
  ],
  '/api/v1/analysis/outliers': ['', `?department=${hidden.department}`],
  '/api/v1/analysis/compare': ['', `?department=${hidden.department}`],
  '/api/v1/analysis/approvals': ['', `?department=${hidden.department}`],
  '/api/v1/analysis/lag': [
    ...['source', 'stage', 'department', 'actor'].map((rows) => `?rows=${rows}`),
    `?rows=actor&department=${hidden.department}`,
  ],
  '/api/v1/corrections': ['', `?order=${hidden.order}`],
  '/api/v1/handover': ['?department=store', `?department=${hidden.department}`],
  '/api/v1/handovers': ['', `?department=${hidden.department}`, '?state=waiting'],
  '/api/v1/handovers/:id': Array.from({ length: 6 }, (_, i) => `/${i + 1}`),
  '/api/v1/handover-settings/:key': ['/store', `/${hidden.department}`],
  '/api/v1/alerts': ['', '?state=ended', '?limit=1', `?order=${hidden.order}`],
  '/api/v1/alerts/:id': Array.from({ length: 12 }, (_, i) => `/${i + 1}`),
  '/api/v1/alerts/:id/targets': Array.from({ length: 12 }, (_, i) => `/${i + 1}/targets`),
  '/api/v1/approvals': ['waiting', 'started', 'done'].map((segment) => `?segment=${segment}`),
  '/api/v1/approvals/:id': ['/1', '/2'],
  '/api/v1/approvals/:id/people': ['/1/people', '/1/people?q=secret'],
  '/api/v1/orders/:order/follow': ordersAsked.map((order) => `/${order}/follow`),
  '/api/v1/orders/:order/approvals': ordersAsked.map((order) => `/${order}/approvals`),
  '/api/v1/tasks': ['', '?segment=departments', '?segment=mine', '?q=secret', `?order=${hidden.order}`],
  '/api/v1/tasks/:id': Array.from({ length: 12 }, (_, i) => `/${i + 1}`),
  '/api/v1/tasks/:id/targets': Array.from({ length: 12 }, (_, i) => `/${i + 1}/targets`),
}

/** Everything returned or pushed to a member of the store that names something the store must not see. */
export async function leaksTo(routes: Routes, { visitor, role }: Somebody): Promise<string[]> {
  const leaks: string[] = []
  for (const [, { url, method }] of mappedRoutes(routes)) {
    if (method !== 'GET' || url === '/api/openapi.json') continue
    for (const question of questions[url] ?? ['']) {
      const path = `${questions[url] === undefined ? url : url.replace(/\/:.*/, '')}${question}`
      for (const site of ['', hidden.site]) {
        const asked = site === '' ? path : `${path}${path.includes('?') ? '&' : '?'}site=${site}`
        const reply = await visitor.call(encodeURI(asked))
        if (secret.test(toldBy(reply, asked))) leaks.push(`${role}: ${asked}`)
      }
    }
  }
  return leaks
}

/** Removes the visitor's own input, which a response may repeat. */
function toldBy({ status, headers, body }: Reply, asked: string): string {
  if (status === 404 && asked.startsWith('/api/v1/orders/')) return JSON.stringify(body)
  const told = JSON.stringify([...headers, body])
  return asked.includes(`site=${hidden.site}`) ? told.replaceAll(hidden.site, '') : told
}

function addressOf(url: string): string {
  return url
    .replace(':order', 'S-1')
    .replace(':code', 'nothing')
    .replace(':id', 'nothing')
    .replace(':key', 'nothing')
    .replace(':absence', 'nothing')
    .replace(':userCode', 'BCDFGHJK')
}

/** A body that no route accepts, so that an authorized caller gets a validation error. */
function bodyFor(method: string): { method: string; body?: unknown } {
  return method === 'GET' || method === 'DELETE' ? { method } : { method, body: {} }
}
