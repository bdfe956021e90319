import { PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useText } from '../../text/use-text.ts'
import { signIn } from '../api/sign-in.ts'
import { ActButton } from './act-button.tsx'
import { Form } from './form.tsx'
import { formText } from './form-text.ts'
import { ProblemNote } from './problem-note.tsx'
import { SecondFactor } from './second-factor.tsx'

interface SignInFormProps {
  readonly onDone: () => void
  /** Below the password. */
  readonly children?: ReactNode
}

/** E-mail address and password, then the second factor where there is one. */
export function SignInForm({ onDone, children }: SignInFormProps) {
  const { t } = useText()
  const [needsSecondFactor, setNeedsSecondFactor] = useState(false)
  const enter = useMutation({
    mutationFn: (form: HTMLFormElement) => signIn(formText(form, 'email'), formText(form, 'password')),
    onSuccess: (step) => (step.needsSecondFactor ? setNeedsSecondFactor(true) : onDone()),
  })
  if (needsSecondFactor) return <SecondFactor onDone={onDone} onBack={() => setNeedsSecondFactor(false)} />
  return (
    <Form onSubmit={(form) => enter.mutate(form)}>
      <TextInput name="email" type="email" label={t('desk.email')} autoComplete="username" required />
      <PasswordInput
        name="password"
        label={t('desk.password')}
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': t('desk.showPassword') }}
      />
      {children}
      <ProblemNote error={enter.error} />
      <ActButton type="submit" loading={enter.isPending} fullWidth>
        {t('desk.signIn.submit')}
      </ActButton>
    </Form>
  )
}
