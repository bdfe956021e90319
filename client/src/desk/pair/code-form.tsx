import { Button, TextInput } from '@mantine/core'
import { userCode } from '@stagewatch/shared/contract/pairing.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'

interface CodeFormProps {
  /** What the address brought and is no code. */
  readonly wrong: string | undefined
  readonly onCode: (code: string) => void
}

export function CodeForm({ wrong, onCode }: CodeFormProps) {
  const { t } = useText()
  const [isWrong, setWrong] = useState(wrong !== undefined)
  const submit = (form: HTMLFormElement) => {
    const code = userCode.safeParse(formText(form, 'code'))
    setWrong(!code.success)
    if (code.success) onCode(code.data)
  }
  return (
    <section className="card">
      <h2 className="card__title">{t('desk.pair.codeTitle')}</h2>
      <p className="meta">{t('desk.pair.codeText')}</p>
      <Form onSubmit={submit}>
        <TextInput
          name="code"
          className="code-input"
          label={t('desk.pair.code')}
          placeholder="XXXX-XXXX"
          defaultValue={wrong}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          error={isWrong ? t('desk.pair.codeWrong') : undefined}
          required
        />
        <Button type="submit" fullWidth>
          {t('desk.pair.find')}
        </Button>
      </Form>
    </section>
  )
}
