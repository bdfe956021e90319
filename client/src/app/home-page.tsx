import { Navigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../api/session.ts'
import { useText } from '../locales/use-text.ts'
import { homeOf } from './home.ts'

/** Where signing in leads when no page was asked for. */
export function HomePage() {
  const { language } = useText()
  const { path, isWall } = homeOf(useMe(), language)
  useEffect(() => {
    if (isWall) location.replace(path)
  }, [isWall, path])
  return isWall ? null : <Navigate to={path} replace />
}
