import { Button } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { AuthLayout } from '../components/layout/auth-layout.tsx'
import layout from '../components/layout/layout.module.css'
import { useText } from '../locales/use-text.ts'

/**
 * Replaces a page that threw or whose script did not load. After an update the server no longer has the scripts of the
 * running build; reloading the page loads the new ones.
 */
export function ErrorPage({ error }: ErrorComponentProps) {
  const { t } = useText()
  return (
    <AuthLayout title={t('desk.pageFailed')} text={t('desk.pageFailedText')}>
      <p className={clsx(layout['meta'], layout['break'])}>{error instanceof Error ? error.message : String(error)}</p>
      <Button onClick={() => location.reload()}>{t('desk.reload')}</Button>
    </AuthLayout>
  )
}
