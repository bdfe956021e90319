import { Link } from '@tanstack/react-router'
import { AuthLayout } from '../components/layout/auth-layout.tsx'
import { useText } from '../locales/use-text.ts'

/** For unknown paths. It is the same with and without a session. */
export function NotFoundPage() {
  const { t } = useText()
  return (
    <AuthLayout title={t('desk.notFound')} text={t('desk.notFoundText', { path: location.pathname })}>
      <Link to="/home">{t('desk.toHome')}</Link>
    </AuthLayout>
  )
}
