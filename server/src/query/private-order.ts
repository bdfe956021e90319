import type { EventDataView, LoggedEvent, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import type { Alongside, OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { maxMentions } from '@stagewatch/shared/contract/order-action.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { maskedName, maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { NamesOfOrder } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { EventData } from '@stagewatch/shared/domain/order-event.ts'
import type { VisibleEvent } from './visible-order.ts'

/**
 * The view models of orders. Each visible field is listed here and assigned under its condition; all other fields of an
 * order stay on the server.
 */

/** An order in a list as the audience may see it. */
export function viewOfSummary(order: OrderSummary, audience: Audience, known?: NamesOfOrder): OrderSummary {
  const { departments, privacy } = audience
  const { customer, customerClass, owner, reason, acknowledged, amount, currency, department } = order
  const seen = order.alongside?.filter((one) => isDepartmentSeen(one.department, departments)) ?? []
  const names = known ?? { customers: [customer], people: [owner, ...seen.map((one) => one.owner)] }
  return {
    order: order.order,
    process: order.process,
    status: order.status,
    overdue: order.overdue,
    atRisk: order.atRisk,
    stalled: order.stalled,
    held: order.held,
    unclaimed: order.unclaimed,
    ageMs: order.ageMs,
    ...defined({
      stage: order.stage,
      stageName: order.stageName,
      ...(seen.length > 0 && { alongside: seen.map((one) => viewOfAlongside(one, audience)) }),
      enteredAt: order.enteredAt,
      dueAt: order.dueAt,
      heldUntil: order.heldUntil,
      acknowledged: acknowledged && { at: acknowledged.at, ...(privacy.people === 'shown' && { by: acknowledged.by }) },
      overdueMs: order.overdueMs,
      product: order.product,
      quantity: order.quantity,
      promisedAt: order.promisedAt,
      priority: order.priority,
      waybill: order.waybill,
      placedAt: order.placedAt,
      endedAt: order.endedAt,
      reason: reason === undefined ? undefined : maskedText(reason, names, privacy),
      customer: customer === undefined ? undefined : customerName(customer, audience),
      ...(privacy.customers === 'shown' && { customerClass }),
      ...(privacy.people === 'shown' && { owner }),
      ...(privacy.amounts === 'shown' && { amount, currency }),
      ...(isDepartmentSeen(department, departments) && { department }),
    }),
  }
}

function viewOfAlongside(
  { stage, stageName, enteredAt, owner, department }: Alongside,
  { privacy }: Audience,
): Alongside {
  return { stage, stageName, enteredAt, ...defined({ department, ...(privacy.people === 'shown' && { owner }) }) }
}

/** Everything about an order that `describeOrder` found. */
export type Detail = Omit<OrderDetail, 'asOf' | 'position' | 'events'> & { readonly events: readonly VisibleEvent[] }

/** The details of an order as the audience may see them. */
export function viewOfDetail(detail: Detail, audience: Audience): Omit<OrderDetail, 'asOf' | 'position'> {
  const { privacy } = audience
  const customers = [detail.customer, ...detail.events.map(({ data }) => splitData(data).known.customer)]
  const people = [
    detail.acknowledged?.by,
    ...detail.events.flatMap(({ actor, data }) => {
      const { owner, mentions = [] } = splitData(data).known
      return [actor, owner, ...mentions]
    }),
    ...detail.visits.flatMap(({ owner, handovers = [] }) => [owner, ...handovers.map((handover) => handover.owner)]),
  ]
  const names = { customers, people }
  return {
    ...viewOfSummary(detail, audience, names),
    firstAt: detail.firstAt,
    lastEventAt: detail.lastEventAt,
    reopenedCount: detail.reopenedCount,
    complaintCount: detail.complaintCount,
    visitCount: detail.visitCount,
    ...defined({
      visitsCursor: detail.visitsCursor,
      eventsCursor: detail.eventsCursor,
      holdReasons: detail.holdReasons,
    }),
    visits: detail.visits.map((visit) => viewOfVisit(visit, names, audience)),
    dueHistory: detail.dueHistory.map(({ until, by, actor, source, dueAt, promisedAt }) => ({
      until,
      by,
      ...defined({ dueAt, promisedAt, source, actor: privacy.people === 'shown' ? actor : undefined }),
    })),
    events: detail.events.map((event) => viewOfEvent(event, names, audience)),
  }
}

function viewOfVisit(visit: OrderVisit, names: NamesOfOrder, audience: Audience): OrderVisit {
  const { departments, privacy } = audience
  const { owner, handovers, reason, department } = visit
  return {
    stage: visit.stage,
    name: visit.name,
    nth: visit.nth,
    enteredAt: visit.enteredAt,
    elapsedMs: visit.elapsedMs,
    workingMs: visit.workingMs,
    heldMs: visit.heldMs,
    times: visit.times,
    waits: visit.waits,
    // Who had the order while it was overdue is a count per person.
    overdueBy: privacy.people === 'shown' ? visit.overdueBy : [],
    ...defined({
      startedAt: visit.startedAt,
      leftAt: visit.leftAt,
      cancelled: visit.cancelled,
      waitingMs: visit.waitingMs,
      targetMs: visit.targetMs,
      rule: visit.rule,
      byPromise: visit.byPromise,
      byCutOff: visit.byCutOff,
      dueAt: visit.dueAt,
      overdueMs: visit.overdueMs,
      reason: reason === undefined ? undefined : maskedText(reason, names, privacy),
      ...(privacy.people === 'shown' && { owner, handovers }),
      ...(isDepartmentSeen(department, departments) && { department }),
    }),
  }
}

function viewOfEvent(event: VisibleEvent, names: NamesOfOrder, audience: Audience): LoggedEvent {
  const { actor, stage, sequence, of } = event
  const { known, other } = splitData(event.data)
  return {
    source: event.source,
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    imported: event.imported,
    voided: event.voided,
    data: viewOfData(known, of, names, audience),
    ...defined({
      stage,
      sequence,
      actor: audience.privacy.people === 'shown' && of === 'own' ? actor : undefined,
      otherData: isShownEverything(audience) && Object.keys(other).length > 0 ? other : undefined,
    }),
  }
}

/** For an event of other departments, only attributes of the order: neither reasons nor owners. */
function viewOfData(
  data: EventDataView,
  of: VisibleEvent['of'],
  names: NamesOfOrder,
  audience: Audience,
): EventDataView {
  const { privacy, departments } = audience
  const { customer, customerClass, amount, currency, department, reason, text } = data
  const masked = (words: string | undefined) => (words === undefined ? undefined : maskedText(words, names, privacy))
  return defined({
    product: data.product,
    quantity: data.quantity,
    promisedAt: data.promisedAt,
    priority: data.priority,
    process: data.process,
    waybill: data.waybill,
    customer: customer === undefined ? undefined : customerName(customer, audience),
    ...(privacy.customers === 'shown' && { customerClass }),
    ...(privacy.amounts === 'shown' && { amount, currency }),
    ...(isDepartmentSeen(department, departments) && { department }),
    ...(of === 'own' && {
      startedAt: data.startedAt,
      until: data.until,
      changesHold: data.changesHold,
      waitingFor: data.waitingFor,
      source: data.source,
      id: data.id,
      reason: masked(reason),
      text: masked(text),
      comment: masked(data.comment),
      mentions: privacy.people === 'shown' ? data.mentions : undefined,
      owner: privacy.people === 'shown' ? data.owner : undefined,
    }),
  })
}

const textFields = [
  'customer',
  'customerClass',
  'product',
  'currency',
  'priority',
  'process',
  'department',
  'waybill',
  'reason',
  'text',
  'comment',
  'owner',
  'waitingFor',
  'source',
  'id',
] as const
const numberFields = ['quantity', 'amount', 'promisedAt', 'startedAt', 'until'] as const
const booleanFields = ['changesHold'] as const

/** Fields without a meaning here may contain anything about anybody. */
function splitData(data: EventData): { readonly known: EventDataView; readonly other: EventData } {
  const known: Record<string, unknown> = {}
  const other: Record<string, unknown> = { ...data }
  for (const [fields, type] of [
    [textFields, 'string'],
    [numberFields, 'number'],
    [booleanFields, 'boolean'],
  ] as const) {
    for (const field of fields) {
      const value = data[field]
      if (typeof value !== type) continue
      known[field] = value
      delete other[field]
    }
  }
  const mentions = mentionedNames(data['mentions'])
  if (mentions !== undefined) {
    known['mentions'] = mentions
    delete other['mentions']
  }
  return { known, other }
}

/** Undefined if the value is not the list of mentions in a desk comment. */
function mentionedNames(mentions: unknown): string[] | undefined {
  if (!Array.isArray(mentions) || mentions.length === 0 || mentions.length > maxMentions) return undefined
  const names = mentions.flatMap((one: unknown) => {
    const isPerson = typeof one === 'object' && one !== null && 'name' in one && typeof one.name === 'string'
    return isPerson ? [one.name as string] : []
  })
  return names.length === mentions.length ? names : undefined
}

function isShownEverything({ departments, privacy }: Audience): boolean {
  const { customers, amounts, people } = privacy
  return departments === undefined && customers === 'shown' && amounts === 'shown' && people === 'shown'
}

function isDepartmentSeen(department: string | undefined, scope: Audience['departments']): boolean {
  return scope === undefined || (department !== undefined && scope.includes(department))
}

export function customerName(name: string, { privacy }: Audience): string {
  return privacy.customers === 'masked' ? maskedName(name) : name
}

/** Removes undefined fields, so that they are omitted instead of sent as null. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
