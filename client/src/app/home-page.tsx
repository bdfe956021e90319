import { Navigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../api/session.ts'
import { useText } from '../locales/use-text.ts'
import { homeOf } from './home.ts'

/** The target of a sign-in that did not start from a specific page. */
export function HomePage() {
  const { language } = useText()
  const { path, isWall } = homeOf(useMe(), language)
  useEffect(() => {
    if (isWall) location.replace(path)
  }, [isWall, path])
  return isWall ? null : <Navigate to={path} replace />
}
