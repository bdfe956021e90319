import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import {
  Cable,
  ChartGantt,
  ChartNoAxesCombined,
  FileUp,
  History,
  KeyRound,
  Monitor,
  PackageSearch,
  ShieldCheck,
  Users,
  Workflow,
  type LucideIcon,
} from 'lucide-react'

interface SidebarItem {
  readonly path: string
  readonly icon: LucideIcon
  readonly text: string
  readonly needs: Action
  /** `g` and then this key lead there. */
  readonly key?: string
}

export const sidebarItems = [
  { path: '/overview', icon: ChartNoAxesCombined, text: 'nav.overview', needs: 'numbers.read', key: 'o' },
  { path: '/orders', icon: PackageSearch, text: 'nav.orders', needs: 'orders.read', key: 'l' },
  { path: '/analysis', icon: ChartGantt, text: 'nav.analysis', needs: 'numbers.read', key: 'n' },
  { path: '/processes', icon: Workflow, text: 'nav.processes', needs: 'rules.read', key: 'r' },
  { path: '/screens', icon: Monitor, text: 'nav.screens', needs: 'screens.read' },
  { path: '/sources', icon: Cable, text: 'nav.sources', needs: 'site.manage', key: 's' },
  { path: '/imports', icon: FileUp, text: 'nav.imports', needs: 'imports.manage', key: 'i' },
  { path: '/people', icon: Users, text: 'nav.people', needs: 'people.read' },
  { path: '/keys', icon: KeyRound, text: 'nav.keys', needs: 'keys.manage' },
  { path: '/changes', icon: History, text: 'nav.changes', needs: 'changes.read' },
  { path: '/privacy', icon: ShieldCheck, text: 'nav.privacy', needs: 'site.manage' },
] as const satisfies readonly SidebarItem[]

/** What stands at the foot of a phone by itself; the others are in a menu there. */
export const mainPaths: readonly string[] = ['/overview', '/orders']
