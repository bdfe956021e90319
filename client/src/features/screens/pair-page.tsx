import { Button, TextInput } from '@mantine/core'
import { userCode } from '@stagewatch/shared/contract/pairing.ts'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { z } from 'zod'
import card from '../../components/card.module.css'
import { CommandBlock } from '../../components/command-block.tsx'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { useText } from '../../locales/use-text.ts'
import { pairingAddress } from './api.ts'
import { Pairing } from './pairing-approval.tsx'
import styles from './screens.module.css'

/** Approves a screen by the code that it shows, either typed or taken from its QR code. */
export function PairPage() {
  const { code: askedCode } = useSearch({ from: '/shell/pair' })
  const { t } = useText()
  const navigate = useNavigate()
  const code = userCode.safeParse(askedCode).data
  return (
    <Page title={t('pair.title')} needs="screens.manage">
      <div className={styles['pair']}>
        {code === undefined ? (
          <CodeForm
            wrong={askedCode}
            onCode={(next) => void navigate({ to: '/pair', search: (before) => ({ ...before, code: next }) })}
          />
        ) : (
          <Pairing key={code} code={code} onOther={() => void navigate({ to: '/pair', search: withoutCode })} />
        )}
      </div>
    </Page>
  )
}

function withoutCode({ site }: { readonly site?: string | undefined }) {
  return { site }
}

const codeForm = z.object({ code: userCode })

interface CodeFormProps {
  /** An invalid code from the URL. */
  readonly wrong: string | undefined
  readonly onCode: (code: string) => void
}

function CodeForm({ wrong, onCode }: CodeFormProps) {
  const { t } = useText()
  const { form, field, submit } = useSchemaForm(codeForm, { code: wrong ?? '' })
  const isWrong = form.errors['code'] !== undefined || (wrong !== undefined && !form.isDirty())
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('pair.codeTitle')}</h2>
      <div className={styles['address']}>
        <p className={layout['meta']}>{t('pair.codeText')}</p>
        <CommandBlock command={pairingAddress()} />
      </div>
      <Form onSubmit={submit(({ code }) => onCode(code))}>
        <TextInput
          {...field('code')}
          className={styles['codeInput']}
          label={t('pair.code')}
          placeholder="XXXX-XXXX"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          error={isWrong ? t('pair.codeWrong') : undefined}
          required
        />
        <Button type="submit" fullWidth>
          {t('pair.find')}
        </Button>
      </Form>
    </section>
  )
}
