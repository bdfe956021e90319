import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import type { DeskIconName } from './desk-icon.tsx'

export const railItems = [
  { path: '/screens', icon: 'screen', text: 'desk.nav.screens', needs: 'screens.read' },
  { path: '/people', icon: 'people', text: 'desk.nav.people', needs: 'people.read' },
  { path: '/keys', icon: 'key', text: 'desk.nav.keys', needs: 'keys.manage' },
  { path: '/changes', icon: 'history', text: 'desk.nav.changes', needs: 'changes.read' },
  { path: '/privacy', icon: 'shield', text: 'desk.nav.privacy', needs: 'site.manage' },
] as const satisfies readonly { path: string; icon: DeskIconName; text: string; needs: Action }[]
