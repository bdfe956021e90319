import { PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { beginTwoFactor } from '../api/begin-two-factor.ts'
import { switchOffTwoFactor } from '../api/switch-off-two-factor.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Enrolment } from './enrolment.tsx'

/** Off, being set up, or on; each change asks for the password again. */
export function TwoFactor({ isOn }: { readonly isOn: boolean }) {
  const { t } = useText()
  const queries = useQueryClient()
  const [enrolling, setEnrolling] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: ['me'] })
  const begin = useMutation({ mutationFn: beginTwoFactor, onSuccess: () => setEnrolling(true) })
  const end = useMutation({ mutationFn: switchOffTwoFactor, onSuccess: refresh })
  const step = isOn ? end : begin
  if (enrolling && begin.data !== undefined) {
    return (
      <Enrolment
        begun={begin.data}
        onDone={() => {
          setEnrolling(false)
          void refresh()
        }}
      />
    )
  }
  return (
    <Form onSubmit={(form) => step.mutate(formText(form, 'password'))}>
      <p className="meta">{t(isOn ? 'desk.twoFactor.on' : 'desk.twoFactor.off')}</p>
      <PasswordInput
        name="password"
        label={t('desk.password')}
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': t('desk.showPassword') }}
      />
      <ProblemNote error={step.error} />
      <ActButton type="submit" variant="default" loading={step.isPending}>
        {t(isOn ? 'desk.twoFactor.switchOff' : 'desk.twoFactor.switchOn')}
      </ActButton>
    </Form>
  )
}
