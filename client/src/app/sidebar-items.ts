import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import {
  Cable,
  ChartNoAxesCombined,
  History,
  KeyRound,
  Monitor,
  PackageSearch,
  ShieldCheck,
  Users,
  type LucideIcon,
} from 'lucide-react'

export const sidebarItems = [
  { path: '/overview', icon: ChartNoAxesCombined, text: 'nav.overview', needs: 'numbers.read' },
  { path: '/orders', icon: PackageSearch, text: 'nav.orders', needs: 'orders.read' },
  { path: '/screens', icon: Monitor, text: 'nav.screens', needs: 'screens.read' },
  { path: '/sources', icon: Cable, text: 'nav.sources', needs: 'site.manage' },
  { path: '/people', icon: Users, text: 'nav.people', needs: 'people.read' },
  { path: '/keys', icon: KeyRound, text: 'nav.keys', needs: 'keys.manage' },
  { path: '/changes', icon: History, text: 'nav.changes', needs: 'changes.read' },
  { path: '/privacy', icon: ShieldCheck, text: 'nav.privacy', needs: 'site.manage' },
] as const satisfies readonly { path: string; icon: LucideIcon; text: string; needs: Action }[]

/** What stands at the foot of a phone by itself; the others are in a menu there. */
export const mainPaths: readonly string[] = ['/overview', '/orders']
