import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { confirmSecondFactor } from '../api/confirm-second-factor.ts'
import { ActButton } from './act-button.tsx'
import { focusWhenShown } from './focus-when-shown.ts'
import { Form } from './form.tsx'
import { formText } from './form-text.ts'
import { ProblemNote } from './problem-note.tsx'

interface SecondFactorProps {
  readonly onDone: () => void
  readonly onBack: () => void
}

export function SecondFactor({ onDone, onBack }: SecondFactorProps) {
  const { t } = useText()
  const confirm = useMutation({
    mutationFn: (form: HTMLFormElement) => confirmSecondFactor(formText(form, 'code').trim()),
    onSuccess: onDone,
  })
  return (
    <Form onSubmit={(form) => confirm.mutate(form)}>
      <TextInput
        name="code"
        label={t('desk.twoFactor.code')}
        description={t('desk.twoFactor.codeHint')}
        autoComplete="one-time-code"
        ref={focusWhenShown}
        required
      />
      <ProblemNote error={confirm.error} />
      <ActButton type="submit" loading={confirm.isPending} fullWidth>
        {t('desk.twoFactor.confirm')}
      </ActButton>
      <Button variant="default" onClick={onBack} fullWidth>
        {t('desk.back')}
      </Button>
    </Form>
  )
}
