import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import {
  Activity,
  ArrowRightLeft,
  BellRing,
  Cable,
  ChartGantt,
  ChartNoAxesCombined,
  Contact,
  Braces,
  FileUp,
  History,
  KeyRound,
  ListChecks,
  Megaphone,
  MessageSquareText,
  Monitor,
  PackageSearch,
  ShieldCheck,
  Stamp,
  Users,
  Workflow,
  type LucideIcon,
} from 'lucide-react'

interface SidebarItem {
  readonly path: string
  readonly icon: LucideIcon
  readonly text: string
  readonly needs: Action
  /** Typing `g` and then this key opens the page. */
  readonly key?: string
}

export const sidebarItems = [
  { path: '/overview', icon: ChartNoAxesCombined, text: 'nav.overview', needs: 'numbers.read', key: 'o' },
  { path: '/orders', icon: PackageSearch, text: 'nav.orders', needs: 'orders.read', key: 'l' },
  { path: '/tasks', icon: ListChecks, text: 'nav.tasks', needs: 'orders.read', key: 't' },
  { path: '/alerts', icon: BellRing, text: 'nav.alerts', needs: 'orders.read', key: 'w' },
  { path: '/approvals', icon: Stamp, text: 'nav.approvals', needs: 'orders.read', key: 'a' },
  { path: '/handover', icon: ArrowRightLeft, text: 'nav.handover', needs: 'orders.read', key: 'v' },
  { path: '/analysis', icon: ChartGantt, text: 'nav.analysis', needs: 'numbers.read', key: 'n' },
  { path: '/processes', icon: Workflow, text: 'nav.processes', needs: 'rules.read', key: 'r' },
  { path: '/screens', icon: Monitor, text: 'nav.screens', needs: 'screens.read' },
  { path: '/sources', icon: Cable, text: 'nav.sources', needs: 'site.manage', key: 's' },
  { path: '/channels', icon: Megaphone, text: 'nav.channels', needs: 'site.manage' },
  { path: '/customer-news', icon: MessageSquareText, text: 'nav.messages', needs: 'rules.change' },
  { path: '/imports', icon: FileUp, text: 'nav.imports', needs: 'imports.manage', key: 'i' },
  { path: '/team', icon: Contact, text: 'nav.team', needs: 'team.read', key: 'm' },
  { path: '/people', icon: Users, text: 'nav.people', needs: 'people.read' },
  { path: '/keys', icon: KeyRound, text: 'nav.keys', needs: 'keys.manage' },
  { path: '/status', icon: Activity, text: 'nav.status', needs: 'site.manage' },
  { path: '/changes', icon: History, text: 'nav.changes', needs: 'changes.read' },
  { path: '/configuration', icon: Braces, text: 'nav.configFile', needs: 'site.manage' },
  { path: '/privacy', icon: ShieldCheck, text: 'nav.privacy', needs: 'site.manage' },
] as const satisfies readonly SidebarItem[]

/** Pages with a button of their own at the bottom of a phone screen; the others are in a menu there. */
export const mainPaths: readonly string[] = ['/overview', '/orders', '/tasks']
