import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const folder = join(import.meta.dirname, '../../../docs/operating')
const read = (file: string) => readFileSync(join(folder, file), 'utf8')

const dashboard = z
  .object({
    title: z.string(),
    panels: z.array(
      z.object({
        id: z.int(),
        type: z.enum(['row', 'stat', 'timeseries']),
        title: z.string().min(1),
        gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
        targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).optional(),
      }),
    ),
    templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.unknown() })) }),
  })
  .parse(JSON.parse(read('grafana-dashboard.json')))

const alerts = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        name: z.string(),
        rules: z.array(
          z.strictObject({
            alert: z.string().regex(/^Stagewatch[A-Z]\w+$/),
            expr: z.string().min(1),
            for: z
              .string()
              .regex(/^\d+[smh]$/)
              .optional(),
            labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
            annotations: z.strictObject({ summary: z.string().min(1), description: z.string().min(1) }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(read('prometheus-alerts.yml')))

const rules = alerts.groups.flatMap((group) => group.rules)
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
]

interface Parsed {
  readonly metrics: readonly string[]
  readonly labels: readonly string[]
}

/** The metrics and labels that a query names. @throws if it is not PromQL. */
function parseQuery(query: string): Parsed {
  const text = query.replaceAll('$__rate_interval', '5m')
  const metrics: string[] = []
  const labels: string[] = []
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`not PromQL at "${text.slice(from)}"`)
      const { parent } = node
      if (type.name === 'Identifier' && parent?.name === 'VectorSelector') metrics.push(text.slice(from, to))
      if (type.name === 'LabelName') labels.push(text.slice(from, to))
    },
  })
  return { metrics, labels }
}

/** Added by Prometheus, or part of every histogram. */
const commonLabels = ['instance', 'job', 'le']

let server: StartedServer
/** Names of all series, with those of histograms. */
let told: ReadonlySet<string>
/** Names of the metrics that are not of the OS process or the runtime. */
let own: readonly string[]
beforeAll(async () => {
  server = await startServer()
  const text = String((await call(`${server.url}/metrics`)).body)
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)]
  own = types.map(([, name = '']) => name).filter((name) => name.startsWith('stagewatch_'))
  told = new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  )
})
afterAll(() => server.close())

describe('the dashboard and the alert rules', () => {
  it.each(queries)('of %s ask for metrics that a server has: %s', (_, query) => {
    const { metrics } = parseQuery(query)
    expect(metrics.length).toBeGreaterThan(0)
    // Prometheus itself reports whether a scrape succeeds.
    expect(metrics.filter((name) => name !== 'up' && !told.has(name))).toEqual([])
  })

  it('name only labels that the metrics have', () => {
    const documented = [...read('metrics.md').matchAll(/^\| `stagewatch_\w+` *\| \w+ *\| ([^|]*)\|/gm)]
    const known = new Set([...commonLabels, ...documented.flatMap(([, labels = '']) => labels.trim().split(', '))])
    const named = new Set(queries.flatMap(([, query]) => parseQuery(query).labels))
    expect([...named].filter((label) => !known.has(label))).toEqual([])
    expect(named.size).toBeGreaterThan(5)
  })

  it('ask for every metric of the product but one', () => {
    const asked = new Set(queries.flatMap(([, query]) => parseQuery(query).metrics))
    const series = (name: string) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
    const unasked = own.filter((name) => !series(name).some((each) => asked.has(each)))
    expect(unasked).toEqual(['stagewatch_orders_judged'])
  })

  it('would be found to be wrong', () => {
    expect(() => parseQuery('sum(rate(up[5m])')).toThrow('not PromQL')
    expect(() => parseQuery('sum by site (up)')).toThrow('not PromQL')
    expect(parseQuery('sum by (site) (nothing{code="x"})')).toEqual({ metrics: ['nothing'], labels: ['site', 'code'] })
  })
})

describe('the dashboard', () => {
  it('has panels of different numbers that do not overlap', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24)
  })

  it('uses only variables that it defines', () => {
    const defined = new Set(['__rate_interval', ...dashboard.templating.list.map(({ name }) => name)])
    const used = [...read('grafana-dashboard.json').matchAll(/\$\{?(\w+)\}?/g)].map(([, name = '']) => name)
    expect(used.filter((name) => !defined.has(name) && name !== '__all')).toEqual([])
  })
})

describe('the alert rules', () => {
  it('have different names, and labels in their texts that their queries keep', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { alert, expr, annotations } of rules) {
      const inTexts = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label)
      const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(', ')
      const lost = inTexts.filter((label) => kept !== undefined && !kept.includes(label ?? ''))
      expect([alert, lost]).toEqual([alert, []])
    }
  })
})
