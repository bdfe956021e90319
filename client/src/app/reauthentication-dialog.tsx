import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { z } from 'zod'
import { registerReauthentication, isApiError } from '../api/request.ts'
import { confirmIdentity, useMe } from '../api/session.ts'
import { Dialog } from '../components/dialog.tsx'
import { ErrorAlert } from '../components/error-alert.tsx'
import { FormButtons, focusWhenShown, Form } from '../components/form/form.tsx'
import { PasswordField } from '../components/form/password-field.tsx'
import { useSchemaForm } from '../components/form/use-schema-form.ts'
import layout from '../components/layout/layout.module.css'
import { useText } from '../locales/use-text.ts'

const proofForm = z.object({ proof: z.string().min(1) })

/**
 * Asks for the password or a code when the server requires a fresh proof of identity; the request is then sent again
 * automatically.
 */
export function ReauthenticationDialog() {
  const { t } = useText()
  const { twoFactor } = useMe()
  const [settle, setSettle] = useState<(confirmed: boolean) => void>()
  useEffect(
    () =>
      registerReauthentication(() => {
        const { promise, resolve } = Promise.withResolvers<boolean>()
        setSettle(() => resolve)
        return promise
      }),
    [],
  )
  const { form, field, submit } = useSchemaForm(proofForm, { proof: '' })
  const confirm = useMutation({
    mutationFn: (proof: string) => confirmIdentity(twoFactor === true ? { code: proof.trim() } : { password: proof }),
    onSuccess: () => close(true),
  })
  const close = (confirmed: boolean) => {
    settle?.(confirmed)
    setSettle(undefined)
    confirm.reset()
    form.reset()
  }
  if (settle === undefined) return null
  const isWrong = isApiError(confirm.error, 'invalid_field')
  return (
    <Dialog title={t('confirmIdentity.title')} onClose={() => close(false)}>
      <Form onSubmit={submit(({ proof }) => confirm.mutate(proof))}>
        <p className={layout['meta']}>{t('confirmIdentity.text')}</p>
        {twoFactor === true ? (
          <TextInput
            {...field('proof')}
            label={t('twoFactor.code')}
            autoComplete="one-time-code"
            inputMode="numeric"
            ref={focusWhenShown}
            required
            {...(isWrong && { error: t('auth.INVALID_CODE') })}
          />
        ) : (
          <PasswordField
            {...field('proof')}
            ref={focusWhenShown}
            {...(isWrong && { error: t('auth.INVALID_PASSWORD') })}
          />
        )}
        {!isWrong && <ErrorAlert error={confirm.error} />}
        <FormButtons submit={t('confirmIdentity.submit')} isBusy={confirm.isPending} onCancel={() => close(false)} />
      </Form>
    </Dialog>
  )
}
