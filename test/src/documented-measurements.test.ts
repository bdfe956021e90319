import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const { rows } = JSON.parse(readFileSync(join(root, 'bench/results/latest.json'), 'utf8')) as {
  readonly rows: readonly { readonly id: string; readonly what: string; readonly product: { readonly value: number } }[]
}

/** Measured by the row of the bench whose text ends like this. */
function measured(id: string, what: string): number {
  const found = rows.filter((row) => row.id === id && row.what.endsWith(what))
  if (found.length !== 1) throw new Error(`${found.length} rows of ${id} end with "${what}"`)
  return found[0]?.product.value ?? Number.NaN
}

/** What a line of the page on sizing says, and the results of the bench that its figures are, in this order. */
const figures: readonly (readonly [start: string, ...results: number[]])[] = [
  ['| a finished visit in memory', measured('B4', 'memory of a visit in the store, 10,000,000 visits')],
  ['| events by HTTP, 1,000 per request', measured('B1', 'events/s on PostgreSQL')],
  ['| the same events, embedded database', measured('B1', 'events/s on PGlite')],
  ['| `stagewatch import` of 1 million rows', measured('B2', 'to its end, on PostgreSQL')],
  ['| the same import, embedded database', measured('B2', 'to its end, on PGlite')],
  ['| from an accepted event to 100 screens', measured('B7', 'peak rate: p50'), measured('B7', 'peak rate: p99')],
  ['| from the moment an order is due', measured('B9', 'with 1,000,000 open visits')],
  ['| overview, 1 million orders', measured('B16', 'p95 of the overview')],
  ['| list of orders, search', measured('B16', 'p95 of the search'), measured('B16', 'p95 of the filtered heat map')],
  ['| an analysis over 10 million visits', measured('B20', 'p95') / 1000],
  ['| dry run of a changed process', measured('B19', 'other targets'), measured('B19', 'another calendar')],
  ['| one update to 1,000 screens', measured('B6', 'processor time of the server for a message')],
  ['A server with 10 million visits was ready', measured('B8', 'time of a million visits')],
  ['Any PC or stick', measured('B13', 'scripts of the wall'), measured('B13', 'each delta of a busy board')],
]

const [english = [], chinese = []] = ['sizing.md', 'sizing.zh-CN.md'].map((name) =>
  readFileSync(join(root, 'docs/operating', name), 'utf8').split('\n'),
)

it.for(figures)(
  'the measurement %j on the page on sizing is the last one, in both languages',
  ([start, ...results]) => {
    const [line = '', ...others] = english.filter((each) => each.startsWith(start))
    expect(others).toEqual([])
    // The pages have the same lines.
    const translated = chinese[english.indexOf(line)] ?? ''
    for (const text of [line, translated]) {
      const cells = text.split(' | ')
      const shown = (cells[1] ?? cells[0] ?? '').match(/\d[\d,]*(?:\.\d+)?(?!\d|%)/g) ?? []
      for (const result of results)
        expect(
          shown.some((figure) => isRounded(figure, result)),
          `${result}: ${text}`,
        ).toBe(true)
    }
  },
)

/** Whether the text is the value, rounded to as many digits as it has; zeros at the end of a large number do not count. */
function isRounded(text: string, value: number): boolean {
  const [whole = '', fraction] = text.replaceAll(',', '').split('.')
  const zeros = /0*$/.exec(whole)?.[0].length ?? 0
  const unit = fraction === undefined ? 10 ** (whole.length > 2 ? zeros : 0) : 10 ** -fraction.length
  return Math.abs(Number(text.replaceAll(',', '')) - value) <= unit / 2 + Number.EPSILON
}
