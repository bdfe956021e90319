import { TextInput } from '@mantine/core'
import { erasureRequest } from '@stagewatch/shared/contract/erasures.ts'
import type { ErasureKind, ErasureRequest } from '@stagewatch/shared/contract/erasures.ts'
import { clsx } from 'clsx'
import card from '../../components/card.module.css'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import { SegmentedField } from '../../components/form/segmented-field.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { WorkProgress } from '../../components/work-progress.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { useRequestErasure } from './api.ts'
import { usePreviewErasure } from './use-preview-erasure.ts'

const nothing: ErasureRequest = { kind: 'customer', name: '', reason: '' }

/** Looks for a name first, and removes it when that is confirmed. */
export function ErasureForm() {
  const { t, language } = useText()
  const { form, field, submit } = useSchemaForm(erasureRequest, nothing)
  const { preview, progress } = usePreviewErasure()
  const remove = useRequestErasure()
  const found = preview.data
  // What was found belongs to the name that was looked for.
  const isCurrent = preview.variables?.name === form.values.name.trim()
  const send = (body: ErasureRequest) =>
    remove.mutate(body, {
      onSuccess: () => {
        notifyDone(t('erasure.requested'))
        form.reset()
        preview.reset()
      },
    })
  return (
    <section className={clsx(card['card'], card['narrow'])}>
      <h2 className={card['title']}>{t('erasure.title')}</h2>
      <p className={layout['meta']}>{t('erasure.text')}</p>
      <Form onSubmit={submit((body) => preview.mutate(body))}>
        <SegmentedField<ErasureKind>
          label={t('erasure.kind')}
          value={form.values.kind}
          options={{ customer: t('erasure.kinds.customer'), person: t('erasure.kinds.person') }}
          onChange={(kind) => form.setFieldValue('kind', kind)}
        />
        <TextInput
          {...field('name')}
          label={t('erasure.name')}
          description={t('erasure.nameHint')}
          autoComplete="off"
          required
        />
        <TextInput
          {...field('reason')}
          label={t('erasure.reason')}
          description={t('erasure.reasonHint')}
          autoComplete="off"
          required
        />
        <ErrorAlert error={preview.error ?? remove.error} />
        {progress !== undefined && <WorkProgress label={t('erasure.searching')} progress={progress} />}
        {found !== undefined && isCurrent && (
          <div role="status">
            {found.events + found.rows === 0
              ? t('erasure.none')
              : t('erasure.found', {
                  events: t('erasure.events', { count: found.events, shown: formatCount(found.events, language) }),
                  rows: t('erasure.rows', { count: found.rows, shown: formatCount(found.rows, language) }),
                })}
            {found.archivedEvents > 0 && (
              <p>
                {t('erasure.archived', {
                  count: found.archivedEvents,
                  shown: formatCount(found.archivedEvents, language),
                })}
              </p>
            )}
            <p className={layout['meta']}>{t('erasure.later')}</p>
          </div>
        )}
        {found !== undefined && isCurrent && found.events + found.rows > 0 ? (
          <ConfirmButton
            label={t('erasure.remove')}
            about={form.values.name}
            question={t('erasure.removeQuestion', { name: form.values.name.trim() })}
            busy={remove.isPending}
            onConfirm={submit(send)}
          />
        ) : (
          <OnlineButton type="submit" loading={preview.isPending}>
            {t('erasure.find')}
          </OnlineButton>
        )}
      </Form>
    </section>
  )
}
