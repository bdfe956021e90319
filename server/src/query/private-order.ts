import type { LoggedEvent, OrderDetail, OrderSummary, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'

/** An order in a list without what is not to be seen. */
export function privateSummary<Order extends OrderSummary>(order: Order, privacy: Privacy): Order {
  const shown = { ...order }
  if (shown.customer !== undefined) shown.customer = customerName(shown.customer, privacy)
  if (privacy.amounts === 'hidden') {
    delete shown.amount
    delete shown.currency
  }
  if (privacy.people === 'team') delete shown.owner
  return shown
}

type Detail = Omit<OrderDetail, 'asOf' | 'position'>

/** The same for everything about one order. */
export function privateDetail(detail: Detail, privacy: Privacy): Detail {
  const shown = privateSummary(detail, privacy)
  return {
    ...shown,
    visits: privacy.people === 'team' ? shown.visits.map(withoutPeople) : shown.visits,
    events: shown.events.map((event) => privateEvent(event, privacy)),
    dueHistory: shown.dueHistory.map(({ actor, ...rest }) => ({
      ...rest,
      ...(privacy.people === 'shown' && actor !== undefined && { actor }),
    })),
  }
}

/** Nothing is counted by person either: who had the order while it was overdue is left out. */
function withoutPeople({ owner: _owner, handovers: _handovers, ...visit }: OrderVisit): OrderVisit {
  return { ...visit, overdueBy: [] }
}

function privateEvent({ actor, data, ...event }: LoggedEvent, privacy: Privacy): LoggedEvent {
  const shown = { ...data }
  const { customer } = shown
  if (typeof customer === 'string') shown['customer'] = customerName(customer, privacy)
  if (privacy.amounts === 'hidden') {
    delete shown['amount']
    delete shown['currency']
  }
  return { ...event, data: shown, ...(actor !== undefined && privacy.people === 'shown' && { actor }) }
}

function customerName(name: string, { customers }: Privacy): string {
  return customers === 'masked' ? maskedName(name) : name
}
