import { Checkbox, TagsInput, TextInput } from '@mantine/core'
import { keyRequest, keyScopes, type KeyRequest } from '@stagewatch/shared/contract/admin.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import formStyles from '../../components/form/form.module.css'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import { OneTimeSecret } from '../../components/one-time-secret.tsx'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { useCreateKey } from './api.ts'

const newKey: KeyRequest = { name: '', scopes: ['ingest'] }

export function KeyForm() {
  const { t } = useText()
  const { form, field, submit } = useSchemaForm(keyRequest, newKey)
  const { scopes, sources = [] } = form.values
  const create = useCreateKey()
  if (create.data !== undefined) {
    return (
      <OneTimeSecret
        title={t('keys.done')}
        text={t('keys.doneText')}
        secret={create.data.key}
        onDone={() => {
          form.reset()
          create.reset()
        }}
      />
    )
  }
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('keys.new')}</h2>
      <Form onSubmit={submit((body) => create.mutate(body))}>
        <TextInput
          {...field('name')}
          label={t('field.name')}
          description={t('keys.nameHint')}
          autoComplete="off"
          required
        />
        <Checkbox.Group
          label={t('keys.scopes')}
          value={[...scopes]}
          onChange={(chosen) => {
            form.setFieldValue(
              'scopes',
              keyScopes.filter((scope) => chosen.includes(scope)),
            )
            // Sources apply only to keys that send events.
            if (!chosen.includes('ingest')) form.setFieldValue('sources', undefined)
          }}
          error={form.errors['scopes'] === undefined ? undefined : t('keys.noScope')}
        >
          <div className={formStyles['group']}>
            {keyScopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={t(`scope.${scope}`)} description={t(`scopeText.${scope}`)} />
            ))}
          </div>
        </Checkbox.Group>
        {scopes.includes('ingest') && (
          <TagsInput
            label={t('keys.sources')}
            description={t('keys.sourcesHint')}
            value={[...sources]}
            onChange={(next) => form.setFieldValue('sources', next.length === 0 ? undefined : next)}
            clearButtonProps={{ 'aria-label': t('keys.sourcesClear') }}
            acceptValueOnBlur
          />
        )}
        <ErrorAlert error={create.error} />
        <OnlineButton type="submit" loading={create.isPending}>
          {t('keys.submit')}
        </OnlineButton>
      </Form>
    </section>
  )
}
