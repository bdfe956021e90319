import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { approvals } from '@stagewatch/db/approvals-schema.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { sampleSite } from '../platform/site.ts'
import { customers } from './plant-customers.ts'
import { products } from './plant-products.ts'
import { departments } from './plant-staff.ts'
import { hourMs, shortDate } from './plant-time.ts'

export const concessionSource = 'qms'
const process = 'concession'
const approvalStage = 'decision'
const quality = departments.quality.name

/**
 * Concessions: the customer's batch deviates from the drawing, and is released only with approvals. A process of its own,
 * because the plant's orders go on by themselves, whoever decides in the desk.
 * @param visitors ids of the people in whose roles visitors enter; any of them decides as well as the staff.
 */
export function concessionProcess(visitors: readonly string[]): ProcessDefinition {
  const stage = { warnAtRatio: 0.75, toleranceRatio: 0.1, department: quality }
  return {
    code: process,
    name: { zh: '让步放行', en: 'Concessions' },
    acceptsNewStages: false,
    goals: {},
    stages: [
      { ...stage, code: 'request', name: { zh: '申请', en: 'Request' }, targetMs: 4 * hourMs },
      {
        ...stage,
        code: approvalStage,
        name: { zh: '审批', en: 'Approval' },
        targetMs: 24 * hourMs,
        approval: {
          steps: [
            {
              approvers: [
                { kind: 'lead', department: quality },
                ...visitors.map((id) => ({ kind: 'person', id }) as const),
              ],
              quorum: { kind: 'any' },
            },
            { approvers: [{ kind: 'lead', department: departments.production.name }], quorum: { kind: 'any' } },
          ],
        },
      },
      { ...stage, code: 'release', name: { zh: '放行', en: 'Release' }, targetMs: 8 * hourMs },
    ],
  }
}

/** Number of concessions, and of those that wait for a decision. */
export async function countConcessions(db: Queryable): Promise<{ readonly all: number; readonly waiting: number }> {
  const [row] = await drizzleOn(db)
    .select({
      all: count(),
      waiting: sql<number>`count(*) filter (where ${isNull(approvals.outcome)})`.mapWith(Number),
    })
    .from(approvals)
    .where(and(eq(approvals.site, sampleSite), eq(approvals.process, process)))
  return row ?? { all: 0, waiting: 0 }
}

/** The events with which an inspector requests a concession, ending with the wait for its approval. */
export function concessionEvents(number: number, requester: string, at: number): OrderEvent[] {
  const order = `CR-${shortDate(at)}-${String(number).padStart(2, '0')}`
  const customer = customers[number % customers.length]
  const product = products[number % products.length]
  const common = { source: concessionSource, order, actor: requester }
  return [
    {
      ...common,
      id: `${order}-1`,
      type: 'order.placed',
      occurredAt: at - hourMs,
      data: {
        process,
        ...(customer !== undefined && { customer: customer.name }),
        ...(product !== undefined && { product: product.name, quantity: 40 + 10 * (number % 7) }),
      },
    },
    {
      ...common,
      id: `${order}-2`,
      type: 'stage.entered',
      stage: 'request',
      occurredAt: at - hourMs,
      data: { department: quality, owner: requester },
    },
    {
      ...common,
      id: `${order}-3`,
      type: 'stage.entered',
      stage: approvalStage,
      occurredAt: at,
      data: { department: quality, owner: requester },
    },
  ]
}
