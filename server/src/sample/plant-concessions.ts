import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { approvals } from '@stagewatch/db/approvals-schema.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { and, count, eq, isNull, sql } from 'drizzle-orm'
import { sampleSite } from '../platform/site.ts'
import { customers } from './plant-customers.ts'
import { products } from './plant-products.ts'
import { departments } from './plant-staff.ts'
import { hourMs, minuteMs, shortDate } from './plant-time.ts'

export const concessionSource = 'qms'
const process = 'concession'
const approvalStage = 'decision'
const quality = departments.quality.name

/**
 * Concessions: a batch deviates from the drawing, and is released only with approvals. A process of its own, because the
 * plant's orders go on by themselves, whoever decides in the desk.
 * @param visitors ids of the people in whose roles visitors enter; any of them decides as well as the staff. Undefined:
 * nobody has to approve yet.
 */
export function concessionProcess(visitors?: readonly string[]): ProcessDefinition {
  const stage = { warnAtRatio: 0.75, toleranceRatio: 0.1, department: quality }
  const name = { zh: '审批', en: 'Approval' }
  return {
    code: process,
    name: { zh: '让步放行', en: 'Concessions' },
    acceptsNewStages: false,
    goals: {},
    stages: [
      {
        ...stage,
        code: approvalStage,
        name,
        targetMs: 24 * hourMs,
        ...(visitors !== undefined && { approval: approvalBy(visitors) }),
      },
      { ...stage, code: 'release', name: { zh: '放行', en: 'Release' }, terminal: true },
    ],
  }
}

function approvalBy(visitors: readonly string[]): ApprovalFlow {
  const people = visitors.map((id) => ({ kind: 'person', id }) as const)
  const quorum = { kind: 'any' } as const
  return {
    steps: [
      { approvers: [{ kind: 'lead', department: quality }, ...people], quorum },
      { approvers: [{ kind: 'lead', department: departments.production.name }], quorum },
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

/** The events with which an inspector requests a concession, which then waits for its approval. */
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
      occurredAt: at - minuteMs,
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
      stage: approvalStage,
      occurredAt: at,
      data: { department: quality, owner: requester },
    },
  ]
}
