import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { openLocalAdmin } from './local-admin.ts'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

await withData()

async function run(site: string, text: string, ...options: string[]) {
  const terminal = testTerminal()
  const command = ['import', writtenFile(text), '--timezone', 'UTC', '--site', site, '--json', ...options]
  const code = await runCommand(command, terminal)
  const { accepted, duplicate, rejected, remarks } = JSON.parse(terminal.printed.join('')) as ImportReport
  return { code, accepted, duplicate, rejected, codes: remarks.map((remark) => remark.code) }
}

interface OrderFacts {
  readonly customer?: string
  readonly promisedAt?: number
  readonly quantity?: number
  readonly amount?: number
  readonly currency?: string
  readonly priority?: string
  readonly visits: readonly { readonly stage: string; readonly enteredAt: number }[]
}

/** The stored state of orders, and the quarantined events. */
async function known(site: string, ...orders: string[]) {
  const operator = await openLocalAdmin({ site })
  const facts: Omit<OrderFacts, 'visits'>[] = []
  const ways: string[][] = []
  for (const order of orders) {
    const { body } = await operator.call<OrderFacts>({ method: 'GET', path: `/api/v1/orders/${order}` })
    const { customer, promisedAt, quantity, amount, currency, priority, visits } = body
    const all = { customer, promisedAt, quantity, amount, currency, priority }
    facts.push(Object.fromEntries(Object.entries(all).filter(([, fact]) => fact !== undefined)))
    ways.push(visits.map(({ stage, enteredAt }) => `${stage} ${enteredAt}`))
  }
  const { body: causes } = await operator.call<object>({ method: 'GET', path: '/api/v1/quarantine/causes' })
  await operator.close()
  return { facts, ways, causes }
}

const header = 'order_id,stage,timestamp,actor,customer,due_at'
const monday = `${header}
SO-1,placed,2026-11-03T08:00:00Z,,ACME,2026-11-10
SO-1,picked,2026-11-03T09:00:00Z,ann,ACME,2026-11-10
SO-2,placed,2026-11-03T08:30:00Z,,Beta,2026-11-10
`
const tuesday = `${header}
SO-1,placed,2026-11-03T08:00:00Z,,ACME,2026-11-17
SO-1,picked,2026-11-03T09:00:00Z,ann,ACME,2026-11-17
SO-1,packed,2026-11-04T09:00:00Z,bob,ACME,2026-11-17
SO-2,placed,2026-11-03T08:30:00Z,,Beta Ltd,2026-11-10
SO-2,picked,2026-11-04T08:30:00Z,ann,Beta Ltd,2026-11-10
`

test('an export with moved promises and other names is known, and the orders have what it says', async () => {
  const site = 'nightly'
  expect(await run(site, monday)).toMatchObject({ code: 0, accepted: 3 })
  const taken = { code: 0, accepted: 2, duplicate: 3, rejected: 0 }
  expect(await run(site, tuesday, '--dry-run')).toMatchObject({ ...taken, codes: ['facts_changed'] })
  expect(await run(site, tuesday)).toMatchObject({ ...taken, codes: ['facts_changed'] })
  const after = await known(site, 'SO-1', 'SO-2')
  expect(after.facts).toEqual([
    { customer: 'ACME', promisedAt: Date.UTC(2026, 10, 17, 23, 59, 59, 999) },
    { customer: 'Beta Ltd', promisedAt: Date.UTC(2026, 10, 10, 23, 59, 59, 999) },
  ])
  expect(JSON.stringify(after.causes)).not.toContain('conflict')

  // The exports of the following nights add nothing new, and Monday's file reverts nothing.
  const nothingNew = { code: 0, accepted: 0, rejected: 0, codes: [] }
  expect(await run(site, tuesday)).toMatchObject({ ...nothingNew, duplicate: 5 })
  expect(await run(site, monday)).toMatchObject({ ...nothingNew, duplicate: 3 })
  expect(await known(site, 'SO-1', 'SO-2')).toEqual(after)
})

test('a name that changes where nothing else happens is taken over, and once more', async () => {
  const site = 'quiet'
  const named = (customer: string) => `${header}\nSO-1,placed,2026-11-03T08:00:00Z,,${customer},\n`
  await run(site, named('One'))
  for (const name of ['Two', 'Three']) {
    expect(await run(site, named(name))).toMatchObject({ code: 0, duplicate: 1, codes: ['facts_changed'] })
    expect((await known(site, 'SO-1')).facts).toEqual([{ customer: name }])
  }
  const other = `${header}\nSO-1,placed,2026-11-03T08:00:00Z,zoe,,\n`
  expect(await run(site, other)).toMatchObject({ code: 0, duplicate: 1, codes: ['facts_kept'] })
})

test('a quantity and an amount that change in a file of steps reach the order', async () => {
  const site = 'quantities'
  const rowOf = (quantity: number, amount: string) =>
    `order_id,stage,timestamp,quantity,amount,currency,priority\nSO-1,placed,2026-11-03T08:00:00Z,${quantity},${amount},EUR,high\n`
  expect(await run(site, rowOf(3, '30.5'))).toMatchObject({ code: 0, accepted: 1 })
  expect((await known(site, 'SO-1')).facts).toEqual([{ quantity: 3, amount: 30.5, currency: 'EUR', priority: 'high' }])
  expect(await run(site, rowOf(4, '40'))).toMatchObject({ code: 0, duplicate: 1, codes: ['facts_changed'] })
  expect((await known(site, 'SO-1')).facts).toEqual([{ quantity: 4, amount: 40, currency: 'EUR', priority: 'high' }])
})

test('an event of an own number that says another stage is a conflict', async () => {
  const site = 'numbered'
  const numbered = (stage: string) => `order_id,stage,timestamp,event_id\nSO-1,${stage},2026-11-03T08:00:00Z,e1\n`
  await run(site, numbered('placed'))
  expect(await run(site, numbered('picked'))).toMatchObject({ code: 1, accepted: 0, rejected: 1 })
})
