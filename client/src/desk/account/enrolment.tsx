import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import type { TwoFactorBegun } from '../api/begin-two-factor.ts'
import { confirmSecondFactor } from '../api/confirm-second-factor.ts'
import { ActButton } from '../parts/act-button.tsx'
import { focusWhenShown } from '../parts/focus-when-shown.ts'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { SecretOnce } from '../parts/secret-once.tsx'
import { QrCode } from '../../theme/qr-code.tsx'

interface EnrolmentProps {
  readonly begun: TwoFactorBegun
  readonly onDone: () => void
}

/** The code for the app, the proof that the app has it, then the codes for the day on which the phone is lost. */
export function Enrolment({ begun, onDone }: EnrolmentProps) {
  const { t } = useText()
  const { totpURI, backupCodes } = begun
  const confirm = useMutation({
    mutationFn: (form: HTMLFormElement) => confirmSecondFactor(formText(form, 'code').trim()),
  })
  if (confirm.isSuccess) {
    return (
      <SecretOnce
        title={t('desk.twoFactor.backup')}
        text={t('desk.twoFactor.backupText')}
        secret={backupCodes.join('\n')}
        onDone={onDone}
      />
    )
  }
  return (
    <Form onSubmit={(form) => confirm.mutate(form)}>
      <p className="meta">{t('desk.twoFactor.scan')}</p>
      <QrCode text={totpURI} label={t('desk.twoFactor.qr')} />
      <p className="meta">
        {t('desk.twoFactor.secret')}{' '}
        <code className="secret__inline">{new URL(totpURI).searchParams.get('secret') ?? ''}</code>
      </p>
      <TextInput
        name="code"
        label={t('desk.twoFactor.firstCode')}
        autoComplete="one-time-code"
        inputMode="numeric"
        pattern="\d{6}"
        ref={focusWhenShown}
        required
      />
      <ProblemNote error={confirm.error} />
      <ActButton type="submit" loading={confirm.isPending}>
        {t('desk.twoFactor.confirm')}
      </ActButton>
    </Form>
  )
}
