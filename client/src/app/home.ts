import type { Me } from '@stagewatch/shared/contract/me.ts'
import { wallPath } from '../components/layout/wall-path.ts'
import { sidebarItems } from './sidebar-items.ts'

/**
 * Where somebody begins: on the first page that they may open; whoever may open none, on the wall of their site.
 * `isWall`: it is a page of its own and not one of the desk.
 */
export function homeOf(
  { actions, site }: Pick<Me, 'actions' | 'site'>,
  language: string,
): { readonly path: (typeof sidebarItems)[number]['path'] | '/account'; readonly isWall: false } | WallHome {
  const first = sidebarItems.find(({ needs }) => actions.includes(needs))
  if (first !== undefined) return { path: first.path, isWall: false }
  if (actions.includes('board.read')) return { path: wallPath(site, language), isWall: true }
  return { path: '/account', isWall: false }
}

interface WallHome {
  readonly path: string
  readonly isWall: true
}
