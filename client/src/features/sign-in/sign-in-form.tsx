import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { z } from 'zod'
import { confirmSecondFactor, signIn } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { focusWhenShown, Form } from '../../components/form/form.tsx'
import { PasswordField } from '../../components/form/password-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'

const signInForm = z.object({ email: z.string().trim().min(1), password: z.string().min(1) })
const codeForm = z.object({ code: z.string().trim().min(1) })

interface SignInFormProps {
  readonly onDone: () => void
  /** Shown below the password. */
  readonly children?: ReactNode
}

/** Email address and password, then the second factor if it is enabled. */
export function SignInForm({ onDone, children }: SignInFormProps) {
  const { t } = useText()
  const [needsSecondFactor, setNeedsSecondFactor] = useState(false)
  const { field, submit } = useSchemaForm(signInForm, { email: '', password: '' })
  const enter = useMutation({
    mutationFn: ({ email, password }: z.output<typeof signInForm>) => signIn(email, password),
    onSuccess: (step) => (step.needsSecondFactor ? setNeedsSecondFactor(true) : onDone()),
  })
  if (needsSecondFactor) return <SecondFactorForm onDone={onDone} onBack={() => setNeedsSecondFactor(false)} />
  return (
    <Form onSubmit={submit((values) => enter.mutate(values))}>
      <TextInput {...field('email')} type="email" label={t('desk.email')} autoComplete="username" required />
      <PasswordField {...field('password')} />
      {children}
      <ErrorAlert error={enter.error} />
      <OnlineButton type="submit" loading={enter.isPending} fullWidth>
        {t('signIn.submit')}
      </OnlineButton>
    </Form>
  )
}

interface SecondFactorFormProps {
  readonly onDone: () => void
  readonly onBack: () => void
}

function SecondFactorForm({ onDone, onBack }: SecondFactorFormProps) {
  const { t } = useText()
  const { field, submit } = useSchemaForm(codeForm, { code: '' })
  const confirm = useMutation({ mutationFn: confirmSecondFactor, onSuccess: onDone })
  return (
    <Form onSubmit={submit(({ code }) => confirm.mutate(code))}>
      <TextInput
        {...field('code')}
        label={t('twoFactor.code')}
        description={t('twoFactor.codeHint')}
        autoComplete="one-time-code"
        ref={focusWhenShown}
        required
      />
      <ErrorAlert error={confirm.error} />
      <OnlineButton type="submit" loading={confirm.isPending} fullWidth>
        {t('twoFactor.confirm')}
      </OnlineButton>
      <Button variant="default" onClick={onBack} fullWidth>
        {t('desk.back')}
      </Button>
    </Form>
  )
}
