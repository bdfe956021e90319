import { Button, TextInput } from '@mantine/core'
import { password } from '@stagewatch/shared/contract/me.ts'
import { visibleName } from '@stagewatch/shared/contract/names.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { meQuery } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import formStyles from '../../components/form/form.module.css'
import { Form } from '../../components/form/form.tsx'
import { PasswordField } from '../../components/form/password-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { AuthLayout } from '../../components/layout/auth-layout.tsx'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { acceptInvitation } from './api.ts'
import { linkToken } from './link-address.ts'
import { SignInForm } from './sign-in-form.tsx'

const newAccount = z.object({ name: visibleName(100), password })

/** Accepts an invitation with the current session, an existing account, or a new one. */
export function JoinPage() {
  const { t } = useText()
  const token = linkToken(location.hash)
  const me = useQuery(meQuery(undefined))
  const [hasAccount, setHasAccount] = useState(false)
  if (token === undefined) {
    return (
      <AuthLayout title={t('join.title')}>
        <p className={note['note']}>{t('join.noToken')}</p>
      </AuthLayout>
    )
  }
  if (me.data?.kind === 'person') {
    return (
      <AuthLayout title={t('join.title')} text={t('join.textSelf', { name: me.data.name })}>
        <JoinAsSelf token={token} />
      </AuthLayout>
    )
  }
  return (
    <AuthLayout title={t('join.title')} text={t(hasAccount ? 'join.textAccount' : 'join.textNew')}>
      {hasAccount ? <SignInForm onDone={() => void me.refetch()} /> : <JoinAsNew token={token} />}
      <Button variant="subtle" fullWidth onClick={() => setHasAccount(!hasAccount)}>
        {t(hasAccount ? 'join.isNew' : 'join.hasAccount')}
      </Button>
    </AuthLayout>
  )
}

function JoinAsSelf({ token }: { readonly token: string }) {
  const { t } = useText()
  const join = useMutation({ mutationFn: acceptInvitation, onSuccess: () => location.assign('/home') })
  return (
    <div className={formStyles['form']}>
      <ErrorAlert error={join.error} />
      <OnlineButton loading={join.isPending} fullWidth onClick={() => join.mutate({ token })}>
        {t('join.submit')}
      </OnlineButton>
    </div>
  )
}

function JoinAsNew({ token }: { readonly token: string }) {
  const { t } = useText()
  const { field, submit } = useSchemaForm(newAccount, { name: '', password: '' })
  const join = useMutation({ mutationFn: acceptInvitation, onSuccess: () => location.assign('/home') })
  return (
    <Form onSubmit={submit((values) => join.mutate({ token, ...values }))}>
      <TextInput {...field('name')} label={t('desk.name')} autoComplete="name" required />
      <PasswordField {...field('password')} isNew />
      <ErrorAlert error={join.error} />
      <OnlineButton type="submit" loading={join.isPending} fullWidth>
        {t('join.submit')}
      </OnlineButton>
    </Form>
  )
}
