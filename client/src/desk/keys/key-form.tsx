import { Checkbox, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keyScopes, type KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { createKey } from '../api/create-key.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Form } from '../parts/form.tsx'
import { formText } from '../parts/form-text.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { SecretOnce } from '../parts/secret-once.tsx'
import { useMe } from '../shell/me-context.ts'

export function KeyForm() {
  const { t } = useText()
  const { site } = useMe()
  const queries = useQueryClient()
  const [scopes, setScopes] = useState<readonly KeyScope[]>(['ingest'])
  const create = useMutation({
    mutationFn: (form: HTMLFormElement) =>
      createKey(site, { name: formText(form, 'name').trim(), scopes: [...scopes] }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys', site] }),
  })
  if (create.data !== undefined) {
    return (
      <SecretOnce
        title={t('desk.keys.done')}
        text={t('desk.keys.doneText')}
        secret={create.data.key}
        onDone={create.reset}
      />
    )
  }
  return (
    <section className="card">
      <h2 className="card__title">{t('desk.keys.new')}</h2>
      <Form onSubmit={(form) => create.mutate(form)}>
        <TextInput
          name="name"
          label={t('desk.name')}
          description={t('desk.keys.nameHint')}
          maxLength={100}
          autoComplete="off"
          required
        />
        <Checkbox.Group
          label={t('desk.keys.scopes')}
          value={[...scopes]}
          onChange={(chosen) => setScopes(keyScopes.filter((scope) => chosen.includes(scope)))}
          error={scopes.length === 0 ? t('desk.keys.noScope') : undefined}
        >
          <div className="field-group">
            {keyScopes.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`desk.scope.${scope}`)}
                description={t(`desk.scopeText.${scope}`)}
              />
            ))}
          </div>
        </Checkbox.Group>
        <ProblemNote error={create.error} />
        <ActButton type="submit" loading={create.isPending} disabled={scopes.length === 0}>
          {t('desk.keys.submit')}
        </ActButton>
      </Form>
    </section>
  )
}
