import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'

/** Part of every name that the store must not see. */
export const secret = /secret/i
export const hidden = {
  department: 'fleet SECRET',
  order: 'F-SECRET-1',
  customer: 'Customer SECRET',
  site: 'west-secret',
}

const from = Date.UTC(2026, 10, 24, 8)
const hourMs = 3_600_000

/** Everything is overdue after an hour, so that boards name it. */
const limited: ProcessDefinition = {
  code: 'default',
  name: { zh: '订单', en: 'Orders' },
  stages: ['pick', 'pack', 'ship', 'wait', 'load'].map((code) => ({
    code,
    name: { zh: code, en: code },
    targetMs: hourMs,
    warnAtRatio: 0.8,
    toleranceRatio: 0.1,
  })),
  acceptsNewStages: true,
  goals: {},
}

/**
 * Fills a server: the store has two orders and has handed over a third, and the fleet has five. All names of the fleet
 * and of another site are secret.
 */
export async function plantSecrets({ server }: PeopledServer): Promise<void> {
  const event = (order: string, hour: number, stage: string, data: Record<string, unknown>, actor: string) => ({
    source: 'test',
    id: `${order}-${stage}`,
    type: 'stage.entered',
    order,
    stage,
    actor,
    occurredAt: new Date(from + hour * hourMs).toISOString(),
    data,
  })
  const store = { department: 'store', customer: 'Acme', product: 'Pump', amount: 100 }
  const fleet = { department: hidden.department, customer: hidden.customer, product: 'Truck SECRET', amount: 99 }
  const unknownFields = {
    salesperson: 'SECRET seller',
    billing: { account: { name: 'SECRET payer', lines: ['SECRET line'] } },
  }
  const events = [
    // Events before and after the time in the store belong to the other department.
    {
      ...event(
        'V-1',
        -1,
        'placed',
        {
          ...store,
          ...unknownFields,
          department: 'sales',
          reason: 'SECRET promise',
        },
        'secret.seller',
      ),
      type: 'order.placed',
      stage: undefined,
    },
    {
      ...event('V-1', 3, 'changed', { ...unknownFields, priority: 'high', reason: 'SECRET quarrel' }, 'secret.seller'),
      type: 'order.changed',
      stage: undefined,
    },
    // At the instant at which it left the store.
    { ...event('V-1', 2, 'told', { text: 'SECRET note' }, 'secret.driver'), type: 'note.added', stage: undefined },
    // The store's own event, with more data than it should have sent.
    {
      ...event('V-1', 1.5, 'seen', { text: 'in the store', ...unknownFields }, 'li'),
      type: 'note.added',
      stage: undefined,
    },
    event('S-1', 0, 'pick', store, 'li'),
    event('S-2', 1, 'pick', store, 'li'),
    event('V-1', 0, 'pick', { ...store, department: 'sales' }, 'wu'),
    event('V-1', 1, 'pack', { department: 'store' }, 'li'),
    event('V-1', 2, 'ship', { department: hidden.department, reason: 'SECRET reason' }, 'secret.driver'),
    ...[1, 2, 3, 4, 5].map((n) => event(`F-SECRET-${n}`, n, 'ship', fleet, 'secret.driver')),
    event('F-SECRET-1', 5, 'load', { department: hidden.department }, 'secret.driver'),
    // A late event, which appears among the corrections.
    event('F-SECRET-1', 3, 'wait', { department: hidden.department }, 'secret.driver'),
  ]
  const site = await server.sites.get('main')
  await site.saveProcess({ ...limited, stages: limited.stages.map((stage) => ({ ...stage, targetMs: 2 * hourMs })) })
  await submit(server, 'main', events)
  // Rejected, so that it is quarantined.
  await submit(server, 'main', [{ ...event('F-SECRET-9', 1, 'ship', fleet, 'secret.driver'), type: 'secret.type' }])
  // A limit of the fleet, set by one of its members, which also moves the limits of the store.
  const targets = [{ when: { department: [hidden.department], customer: [hidden.customer] }, targetMs: hourMs }]
  await site.saveProcess(
    { ...limited, stages: limited.stages.map((stage) => ({ ...stage, targets, department: hidden.department })) },
    { kind: 'person', name: 'secret.driver@example.com' },
  )
  // An approval of the fleet, in a process without orders.
  const approver = { kind: 'lead', department: hidden.department } as const
  const when = { department: [hidden.department], customer: [hidden.customer] }
  const step = { approvers: [approver], quorum: { kind: 'any' }, when } as const
  const approval = { steps: [step], approveWhen: when }
  const stages = limited.stages.map((stage, i) => ({
    ...stage,
    code: `reviewed ${stage.code}`,
    ...(i === 0 && { approval }),
  }))
  await site.saveProcess({ ...limited, code: 'reviewed', stages })
  const name = { zh: '车队 SECRET', en: 'Fleet SECRET' }
  const settings = { name, aliases: ['SECRET trucks'], archived: false }
  await site.departments.save(hidden.department, settings, { kind: 'operator', name: 'operator' }, null)
  await site.readRules()
  await submit(server, hidden.site, [
    event('W-SECRET', 0, 'pick', { customer: 'West SECRET', department: 'store' }, 'li'),
  ])
}

/** Adds events in both departments, first in the fleet. @param round a unique number for each call. */
export function moveOn({ server }: PeopledServer, round: number): Promise<void> {
  const event = (order: string, department: string, actor: string, customer: string) => ({
    source: 'test',
    id: `${order}-placed`,
    type: 'stage.entered',
    order,
    stage: 'pick',
    actor,
    occurredAt: new Date(from + 7 * hourMs).toISOString(),
    data: { department, customer },
  })
  return submit(server, 'main', [
    event(`F-SECRET-${round}`, hidden.department, 'secret.driver', hidden.customer),
    event(`S-${round}`, 'store', 'li', 'Acme'),
  ])
}

async function submit({ sites, url, keys }: PeopledServer['server'], site: string, events: object[]): Promise<void> {
  await sites.getOrCreate(site)
  const { key } = await keys.create(site, { name: 'planting', scopes: ['ingest'] })
  // One by one, because events within a batch are never late.
  for (const event of events) {
    const response = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(event),
    })
    if (response.status !== 200) throw new Error(await response.text())
  }
}
