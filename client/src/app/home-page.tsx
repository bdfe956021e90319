import { Navigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../api/session.ts'
import { useText } from '../locales/use-text.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import { wallPath } from '../components/layout/wall-path.ts'
import { sidebarItems } from './sidebar-items.ts'

/** The target of a sign-in that did not start from a specific page. */
export function HomePage() {
  const { language } = useText()
  const { path, isWall } = homeOf(useMe(), language)
  useEffect(() => {
    if (isWall) location.replace(path)
  }, [isWall, path])
  return isWall ? null : <Navigate to={path} replace />
}

/**
 * The start page of a user: the first page that they may open, or the wall of their site if they may open none.
 * `isWall`: the target is a separate page outside the desk.
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
