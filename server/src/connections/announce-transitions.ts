import type { Queryable } from '@stagewatch/db/database.ts'
import type { WebhookEvent } from '@stagewatch/shared/contract/webhooks.ts'
import type { Transition } from '../transitions/transitions-table.ts'
import { addDeliveries } from './deliveries-table.ts'
import type { NewDelivery } from './deliveries-table.ts'
import { loadWebhooks } from './webhooks-table.ts'

/**
 * Messages about transitions for every subscribed webhook of the site, stored in the transaction that records the
 * transitions. They name orders and stages, but no customers, amounts or people, which a site may keep private.
 */
export async function announceTransitions(
  tx: Queryable,
  site: string,
  transitions: readonly Transition[],
  now: number,
): Promise<void> {
  const webhooks = (await loadWebhooks(tx, site)).filter(({ enabled }) => enabled)
  const deliveries = transitions.flatMap((transition): NewDelivery[] => {
    if (transition.imported) return []
    const type = eventOf(transition)
    const change = transition.endedAt === undefined ? 'began' : 'ended'
    const subject = `transition:${transition.id}:${change}`
    return webhooks
      .filter(({ events }) => events.includes(type))
      .map(({ id }) => ({ webhookId: id, subject, type, data: dataOf(site, transition) }))
  })
  await addDeliveries(tx, site, deliveries, now)
}

function eventOf({ kind, endedAt }: Transition): WebhookEvent {
  switch (kind) {
    case 'overdue':
      return endedAt === undefined ? 'order.overdue' : 'order.resolved'
    case 'bottleneck':
      return 'stage.bottleneck'
  }
}

function dataOf(site: string, transition: Transition): Record<string, unknown> {
  const { kind, process, order, stage, nth, beganAt, endedAt } = transition
  const place = { site, process, stage }
  const since = new Date(beganAt).toISOString()
  const until = endedAt === undefined ? {} : { until: new Date(endedAt).toISOString() }
  switch (kind) {
    case 'overdue':
      return { ...place, order, visit: nth, since, ...until }
    case 'bottleneck':
      return { ...place, isBottleneck: endedAt === undefined, since, ...until }
  }
}
