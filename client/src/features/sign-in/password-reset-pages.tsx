import { TextInput } from '@mantine/core'
import { password } from '@stagewatch/shared/contract/me.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { z } from 'zod'
import { signInOptionsQuery } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { stagewatchCommand } from '../../components/first-event-commands.ts'
import { Form } from '../../components/form/form.tsx'
import { PasswordField } from '../../components/form/password-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { AuthLayout } from '../../components/layout/auth-layout.tsx'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { requestPasswordReset, resetPassword } from './api.ts'
import { linkToken } from './link-address.ts'
import styles from './sign-in.module.css'

const emailForm = z.object({ email: z.email() })
const passwordForm = z.object({ password })

/** Requests an email with a link to the page below. Where the server sends no mail, it says who else has such links. */
export function ForgotPage() {
  const { t } = useText()
  const { field, submit } = useSchemaForm(emailForm, { email: '' })
  const ask = useMutation({ mutationFn: requestPasswordReset })
  const options = useQuery(signInOptionsQuery).data
  if (options?.mail === false) {
    return (
      <AuthLayout title={t('forgot.title')}>
        <p className={note['note']}>{t('signIn.forgotNoMail', { command: stagewatchCommand })}</p>
        <BackToSignIn />
      </AuthLayout>
    )
  }
  return (
    <AuthLayout title={t('forgot.title')} {...(!ask.isSuccess && { text: t('forgot.text') })}>
      {ask.isSuccess ? (
        <p className={note['note']} role="status">
          {t('forgot.sent')}
        </p>
      ) : (
        <Form onSubmit={submit(({ email }) => ask.mutate(email))}>
          <TextInput {...field('email')} type="email" label={t('desk.email')} autoComplete="username" required />
          <ErrorAlert error={ask.error} />
          <OnlineButton type="submit" loading={ask.isPending} fullWidth>
            {t('forgot.submit')}
          </OnlineButton>
        </Form>
      )}
      <BackToSignIn />
    </AuthLayout>
  )
}

/** Sets a new password, opened by the link from the email. */
export function ResetPage() {
  const { t } = useText()
  const { token = linkToken(location.hash) } = useSearch({ from: '/reset' })
  const { field, submit } = useSchemaForm(passwordForm, { password: '' })
  const reset = useMutation({ mutationFn: (chosen: string) => resetPassword(token ?? '', chosen) })
  return (
    <AuthLayout title={t('reset.title')}>
      {token === undefined && <p className={note['note']}>{t('reset.noToken')}</p>}
      {reset.isSuccess && (
        <p className={note['note']} role="status">
          {t('reset.done')}
        </p>
      )}
      {token !== undefined && !reset.isSuccess && (
        <Form onSubmit={submit((values) => reset.mutate(values.password))}>
          <PasswordField {...field('password')} label={t('desk.newPassword')} isNew />
          <ErrorAlert error={reset.error} />
          <OnlineButton type="submit" loading={reset.isPending} fullWidth>
            {t('reset.submit')}
          </OnlineButton>
        </Form>
      )}
      <BackToSignIn />
    </AuthLayout>
  )
}

function BackToSignIn() {
  const { t } = useText()
  return (
    <Link className={styles['back']} to="/sign-in">
      {t('desk.toSignIn')}
    </Link>
  )
}
