import type { ShedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { RouteAccess } from './route-access.ts'

/**
 * The kind of work behind a request, for the order in which work is given up. It follows from what callers may do with
 * the route; a route that costs more than others of its kind declares its own.
 */
export function shedWorkOf(method: string, access: RouteAccess): ShedWork {
  switch (access) {
    case 'events.append':
      return 'events'
    case 'orders.act':
    case 'orders.manage':
      // What people do on the floor is an event, too.
      return method === 'GET' ? 'orders' : 'events'
    case 'numbers.read':
      return 'history'
    case 'orders.read':
      return 'orders'
    default:
      return 'reads'
  }
}
