import type { RouteAccess } from '@stagewatch/server/http/route-access.ts'

/**
 * Every route of the API and whom it is for. A new route belongs in here, so that somebody has thought of whom it is
 * for in two places.
 */
export const routeMap: Readonly<Record<string, RouteAccess>> = {
  'GET /api/openapi.json': 'everyone',
  'GET /api/v1/start': 'everyone',
  'GET /api/v1/sign-in': 'everyone',
  'POST /api/v1/setup': 'everyone',
  'POST /api/v1/sample/enter': 'everyone',
  'POST /api/v1/invitations/accept': 'everyone',
  'GET /api/v1/me': 'identified',
  'GET /api/v1/privacy': 'identified',
  'PUT /api/v1/privacy': 'site.manage',
  'POST /api/v1/events': 'events.append',
  'GET /api/v1/board': 'board.read',
  'GET /api/v1/kpis': 'board.read',
  'GET /api/v1/stages/stats': 'numbers.read',
  'GET /api/v1/stages/heatmap': 'numbers.read',
  'GET /api/v1/corrections': 'numbers.read',
  'GET /api/v1/orders': 'orders.read',
  'GET /api/v1/orders/:order': 'orders.read',
  'GET /api/v1/admin/processes': 'rules.read',
  'PUT /api/v1/admin/processes/:code': 'rules.change',
  'GET /api/v1/admin/calendars': 'rules.read',
  'PUT /api/v1/admin/calendars/:code': 'rules.change',
  'POST /api/v1/admin/calendars/:code/holidays': 'rules.change',
  'PUT /api/v1/admin/calendar-choice': 'rules.change',
  'GET /api/v1/admin/changes': 'changes.read',
  'POST /api/v1/admin/keys': 'keys.manage',
  'GET /api/v1/keys': 'keys.manage',
  'DELETE /api/v1/keys/:id': 'keys.manage',
  'POST /api/v1/admin/rebuild': 'site.manage',
  'GET /api/v1/admin/doctor': 'site.manage',
  'POST /api/v1/admin/migrate': 'site.manage',
  'GET /api/v1/people': 'people.read',
  'PUT /api/v1/people/:id': 'people.manage',
  'DELETE /api/v1/people/:id': 'people.manage',
  'POST /api/v1/people/:id/reset-link': 'operator',
  'POST /api/v1/invitations': 'people.manage',
  'DELETE /api/v1/invitations/:id': 'people.manage',
  'POST /api/v1/screens/pairing': 'everyone',
  'POST /api/v1/screens/pairing/token': 'everyone',
  'GET /api/v1/screens/self': 'screen',
  'GET /api/v1/screens': 'screens.read',
  'PUT /api/v1/screens/:id': 'screens.manage',
  'DELETE /api/v1/screens/:id': 'screens.manage',
  'POST /api/v1/screens/:id/identify': 'screens.manage',
  'POST /api/v1/screens/:id/reload': 'screens.manage',
  'GET /api/v1/screens/pairing/:userCode': 'screens.manage',
  'POST /api/v1/screens/pairing/:userCode/approve': 'screens.manage',
  'POST /api/v1/screens/pairing/:userCode/deny': 'screens.manage',
}

/** The addresses of sign-in ask by themselves who somebody is. */
export function isSignIn(url: string): boolean {
  return url.startsWith('/api/auth/')
}
