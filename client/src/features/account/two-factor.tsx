import { TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { confirmSecondFactor } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { focusWhenShown, Form } from '../../components/form/form.tsx'
import { PasswordField } from '../../components/form/password-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import styles from '../../components/one-time-secret.module.css'
import { OneTimeSecret } from '../../components/one-time-secret.tsx'
import { OnlineButton } from '../../components/online-button.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import { useText } from '../../locales/use-text.ts'
import { beginTwoFactor, switchOffTwoFactor, type TwoFactorBegun } from './api.ts'

const passwordForm = z.object({ password: z.string().min(1) })
const codeForm = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/),
})

/** The second factor: off, being set up, or on. Every change requires the password. */
export function TwoFactor({ isOn }: { readonly isOn: boolean }) {
  const { t } = useText()
  const queries = useQueryClient()
  const [isEnrolling, setEnrolling] = useState(false)
  const { form, field, submit } = useSchemaForm(passwordForm, { password: '' })
  const refresh = () => queries.invalidateQueries({ queryKey: ['me'] })
  const begin = useMutation({ mutationFn: beginTwoFactor, onSuccess: () => setEnrolling(true) })
  const end = useMutation({ mutationFn: switchOffTwoFactor, onSuccess: refresh })
  const step = isOn ? end : begin
  if (isEnrolling && begin.data !== undefined) {
    return (
      <Enrolment
        begun={begin.data}
        onDone={() => {
          setEnrolling(false)
          form.reset()
          void refresh()
        }}
      />
    )
  }
  return (
    <Form onSubmit={submit(({ password }) => step.mutate(password))}>
      <p className={layout['meta']}>{t(isOn ? 'twoFactor.on' : 'twoFactor.off')}</p>
      <PasswordField {...field('password')} />
      <ErrorAlert error={step.error} />
      <OnlineButton type="submit" variant="default" loading={step.isPending}>
        {t(isOn ? 'twoFactor.switchOff' : 'twoFactor.switchOn')}
      </OnlineButton>
    </Form>
  )
}

interface EnrolmentProps {
  readonly begun: TwoFactorBegun
  readonly onDone: () => void
}

/** Steps: the code for the app, a proof that the app has it, and backup codes in case the phone is lost. */
function Enrolment({ begun, onDone }: EnrolmentProps) {
  const { t } = useText()
  const { totpURI, backupCodes } = begun
  const { field, submit } = useSchemaForm(codeForm, { code: '' })
  const confirm = useMutation({ mutationFn: confirmSecondFactor })
  if (confirm.isSuccess) {
    return (
      <OneTimeSecret
        title={t('twoFactor.backup')}
        text={t('twoFactor.backupText')}
        secret={backupCodes.join('\n')}
        onDone={onDone}
      />
    )
  }
  return (
    <Form onSubmit={submit(({ code }) => confirm.mutate(code))}>
      <p className={layout['meta']}>{t('twoFactor.scan')}</p>
      <QrCode text={totpURI} label={t('twoFactor.qr')} />
      <p className={layout['meta']}>
        {t('twoFactor.secret')}{' '}
        <code className={styles['inline']}>{new URL(totpURI).searchParams.get('secret') ?? ''}</code>
      </p>
      <TextInput
        {...field('code')}
        label={t('twoFactor.firstCode')}
        autoComplete="one-time-code"
        inputMode="numeric"
        ref={focusWhenShown}
        required
      />
      <ErrorAlert error={confirm.error} />
      <OnlineButton type="submit" loading={confirm.isPending}>
        {t('twoFactor.confirm')}
      </OnlineButton>
    </Form>
  )
}
