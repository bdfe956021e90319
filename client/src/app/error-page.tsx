import { Button } from '@mantine/core'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useEffect } from 'react'
import { AuthLayout } from '../components/layout/auth-layout.tsx'
import layout from '../components/layout/layout.module.css'
import { useText } from '../locales/use-text.ts'

/** What browsers say of a script that they could not load, and Vite of a stylesheet. Most name its address. */
const missingFile = /dynamically imported module|importing a module script failed|unable to preload css/i

/**
 * Replaces a page that threw or whose script did not load. After an update the server may no longer have the scripts of
 * the running build; reloading the page loads the new ones, and is tried once. Nothing is lost by that, because this
 * page has already replaced the one on which somebody may have typed.
 */
export function ErrorPage({ error }: ErrorComponentProps) {
  const { t } = useText()
  const message = error instanceof Error ? error.message : String(error)
  useEffect(() => {
    if (missingFile.test(message)) void reloadOnce(`stagewatch.missing ${message}`)
  }, [message])
  return (
    <AuthLayout title={t('desk.pageFailed')} text={t('desk.pageFailedText')}>
      <p className={clsx(layout['meta'], layout['break'])}>{message}</p>
      <Button onClick={() => location.reload()}>{t('desk.reload')}</Button>
    </AuthLayout>
  )
}

/** Reloads the page if the server answers, and once per reason: otherwise this page stays and says what is wrong. */
async function reloadOnce(mark: string): Promise<void> {
  try {
    if (sessionStorage.getItem(mark) !== null) return
    const { ok } = await fetch(location.href, { cache: 'no-store' })
    if (!ok) return
    sessionStorage.setItem(mark, '')
    location.reload()
  } catch {
    // No answer, or a browser that stores nothing: it would not be known that the page was reloaded before.
  }
}

/** For unknown paths. It is the same with and without a session. */
export function NotFoundPage() {
  const { t } = useText()
  return (
    <AuthLayout title={t('desk.notFound')} text={t('desk.notFoundText', { path: location.pathname })}>
      <Link to="/home">{t('desk.toHome')}</Link>
    </AuthLayout>
  )
}
