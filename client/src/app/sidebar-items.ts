import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import {
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
  { path: '/people', icon: Users, text: 'nav.people', needs: 'people.read' },
  { path: '/keys', icon: KeyRound, text: 'nav.keys', needs: 'keys.manage' },
  { path: '/changes', icon: History, text: 'nav.changes', needs: 'changes.read' },
  { path: '/privacy', icon: ShieldCheck, text: 'nav.privacy', needs: 'site.manage' },
] as const satisfies readonly { path: string; icon: LucideIcon; text: string; needs: Action }[]
