import { createHash } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import { otherOpenVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { isOpen } from '@stagewatch/shared/domain/stage-visit.ts'
import { and, count, eq } from 'drizzle-orm'
import { actionEvent } from '../order-actions/action-event.ts'
import { appendDeskEvents } from '../order-actions/desk-events.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { Job, JobOutcome, JobQueue, NewJob } from '../platform/jobs.ts'
import { loadOrders } from '../projection/load-orders.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'

const queue = 'alert-order-acknowledgements'
const retryMs = 2_000
const maxAttempts = 1_000

/** Somebody has acknowledged an alert about a visit of an order. */
interface OrderAcknowledgement {
  readonly order: string
  readonly stage: string
  readonly nth: number
  /** Epoch ms. */
  readonly at: number
  /** The name that others see as the author. */
  readonly personName: string
  readonly personId?: string
  /** The recorded name of the sender. */
  readonly sender: string
}

interface OrderAcknowledging {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/**
 * The log commits in transactions of its own, which senders share. Therefore a job appends the event, added in the
 * transaction that acknowledges the alert.
 */
export function orderAcknowledgementJob(site: string, acknowledgement: OrderAcknowledgement): NewJob {
  const { order, stage, nth, at, personName, personId = '', sender } = acknowledgement
  const key = JSON.stringify([site, order, stage, nth, at, personName, personId, sender])
  return { queue, key, site, runAt: at }
}

export function orderAcknowledgementsQueue(options: OrderAcknowledging): JobQueue {
  return { name: queue, concurrency: 10, leaseMs: 30_000, run: (job) => acknowledgeOrder(job, options) }
}

/**
 * Appends the event that the order's page would append, unless the visit has ended or is acknowledged. The alert does
 * not take this event for a new acknowledgement, because it is not later than its own; other alerts of the visit do.
 */
async function acknowledgeOrder(job: Job, { database, clock, sites }: OrderAcknowledging): Promise<JobOutcome> {
  const { site } = job
  const { order, stage, nth, at, personName, personId, sender } = acknowledgementOf(job.key)
  // Determined before the order is read: an acknowledgement by another alert that is committed in between either is
  // seen in the order or has the same id.
  const id = await nextEventId(database, site, order)
  const [stored] = await loadOrders(database, site, [order])
  const state = stored?.state
  if (state?.status !== 'open') return { kind: 'done' }
  const current = state.visits.at(-1)
  const visit = [...otherOpenVisits(state), ...(current === undefined ? [] : [current])].find(
    (one) => one.stage === stage && one.nth === nth && isOpen(one),
  )
  if (visit === undefined || visit.acknowledged !== undefined) return { kind: 'done' }
  const person = personId === '' ? {} : { id: personId }
  const pipeline = await sites.get(site)
  const said = actionEvent({ id, order, action: { action: 'acknowledge' }, at }, person, { clock, personName })
  const event = visit === current ? said : { ...said, stage }
  try {
    const [[refusal]] = await appendDeskEvents({ name: sender, site }, [event], { pipeline, database, clock })
    // Somebody else has acknowledged the visit at the same time, by another server instance.
    if (refusal === undefined || refusal.code === 'conflict') return { kind: 'done' }
    return { kind: 'dead', error: refusal.message }
  } catch (error) {
    if (!(error instanceof AppError) || job.attempt >= maxAttempts) throw error
    return { kind: 'retry', at: clock.now() + retryMs, error: error.message }
  }
}

/**
 * The same for everybody who acknowledges the visit now, so that the log accepts one of them; another one once an
 * acknowledgement has been retracted.
 */
async function nextEventId(database: Database, site: string, order: string): Promise<string> {
  const [row] = await drizzleOn(database)
    .select({ acknowledgements: count() })
    .from(events)
    .where(and(eq(events.site, site), eq(events.orderId, order), eq(events.type, 'order.acknowledged')))
  const hash = createHash('sha256').update(order).digest('hex').slice(0, 32)
  return `alert-acknowledgement-${hash}-${row?.acknowledgements ?? 0}`
}

function acknowledgementOf(key: string): Required<OrderAcknowledgement> {
  const [, order, stage, nth, at, personName, personId, sender] = JSON.parse(key) as [
    ...[site: string, order: string, stage: string, nth: number, at: number],
    ...[personName: string, personId: string, sender: string],
  ]
  return { order, stage, nth, at, personName, personId, sender }
}
