import { Autocomplete, Checkbox, MultiSelect, NativeSelect, Switch } from '@mantine/core'
import { customerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import type { CustomerNewsSettings, CustomerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import formStyles from '../../components/form/form.module.css'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm, withoutEmpty } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { useSaveCustomerNews } from './api.ts'

interface NewsFormProps {
  readonly view: CustomerNewsView
  readonly processes: readonly ProcessDefinition[]
  /** Epoch ms. */
  readonly asOf: number
}

type Values = ReturnType<typeof valuesOf>

const events = ['placed', 'held', 'completed', 'cancelled'] as const
const schema = withoutEmpty(customerNewsSettings)

/** The settings, and who sends the mails. */
export function NewsForm({ view, processes, asOf }: NewsFormProps) {
  const { t } = useText()
  const { actions } = useMe()
  const { settings, channels, fields, version } = view
  const saved = valuesOf(settings)
  const [before, setBefore] = useState(saved)
  const { form, field, submit } = useSchemaForm(schema, saved)
  const { values } = form
  const save = useSaveCustomerNews(version)
  const take = (next: Values) => {
    setBefore(next)
    form.setValues(next)
  }
  // There are no unsaved edits: the version saved by somebody else simply replaces the displayed one.
  if (changedFields(before, values).length === 0 && changedFields(before, saved).length > 0) take(saved)
  const send = (body: CustomerNewsSettings) =>
    save.mutate(body, {
      onSuccess: (answer) => {
        take(valuesOf(answer.settings))
        notifyDone(t('messages.saved'))
      },
    })
  const isGone = values.channel !== '' && channels.every(({ id }) => id !== values.channel)
  const channelChoices = [
    { value: '', label: t('messages.noChannel') },
    ...channels.map(({ id, name }) => ({ value: id, label: name })),
    ...(isGone ? [{ value: values.channel, label: t('messages.channelGone') }] : []),
  ]
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('messages.newsTitle')}</h2>
      <div className={layout['stack']}>
        <p className={layout['meta']}>{t('messages.newsText')}</p>
        {channels.length === 0 && (
          <p className={clsx(note['note'], note['warning'])}>
            {t('messages.needsChannel')}{' '}
            {actions.includes('site.manage') && <Link to="/channels">{t('messages.toChannels')}</Link>}
          </p>
        )}
      </div>
      <Form onSubmit={submit(send)}>
        {!save.isPending && (
          <EditConflict
            before={before}
            current={saved}
            yours={values}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              take(saved)
            }}
          />
        )}
        <Switch
          label={t('messages.enabled')}
          checked={values.enabled}
          onChange={({ currentTarget }) => form.setFieldValue('enabled', currentTarget.checked)}
        />
        <NativeSelect label={t('messages.channel')} data={channelChoices} {...field('channel')} />
        <Autocomplete
          label={t('messages.addressField')}
          description={t('messages.addressFieldNote')}
          data={fields}
          {...field('addressField')}
        />
        <NativeSelect
          label={t('messages.language')}
          data={[
            { value: '', label: t('messages.siteLanguage') },
            ...languages.map((each) => ({ value: each, label: locales[each].name })),
          ]}
          {...field('language')}
        />
        <Autocomplete
          label={t('messages.languageField')}
          description={t('messages.languageFieldNote')}
          data={fields}
          {...field('languageField')}
        />
        <div className={formStyles['group']} role="group" aria-label={t('messages.events')}>
          {events.map((event) => (
            <Checkbox
              key={event}
              label={t(`messages.event.${event}`)}
              checked={values[event]}
              onChange={({ currentTarget }) => form.setFieldValue(event, currentTarget.checked)}
            />
          ))}
        </div>
        {(['shipped', 'entered'] as const).map((as) => (
          <StageChoice
            key={as}
            as={as}
            stages={values.stages}
            processes={processes}
            error={form.errors['stages']}
            onChange={(stages) => form.setFieldValue('stages', stages)}
          />
        ))}
        <ErrorAlert error={save.error} />
        <OnlineButton type="submit" loading={save.isPending} disabled={changedFields(saved, values).length === 0}>
          {t('desk.save')}
        </OnlineButton>
      </Form>
    </section>
  )
}

interface StageChoiceProps {
  readonly as: 'entered' | 'shipped'
  readonly stages: CustomerNewsSettings['stages']
  readonly processes: readonly ProcessDefinition[]
  readonly error: React.ReactNode
  readonly onChange: (stages: CustomerNewsSettings['stages']) => void
}

/** The stages whose entry is reported with one of the two texts; each stage has at most one. */
function StageChoice({ as, stages, processes, error, onChange }: StageChoiceProps) {
  const { t, nameOf } = useText()
  const keyOf = (process: string, stage: string) => JSON.stringify([process, stage])
  const others = stages.filter((stage) => stage.as !== as)
  const own = stages.filter((stage) => stage.as === as).map(({ process, stage }) => keyOf(process, stage))
  const taken = new Set(others.map(({ process, stage }) => keyOf(process, stage)))
  const known = processes.map(({ code, name, stages: ofProcess }) => ({
    group: nameOf(name),
    items: ofProcess
      .map((stage) => ({ value: keyOf(code, stage.code), label: nameOf(stage.name) }))
      .filter(({ value }) => !taken.has(value)),
  }))
  const values = new Set(known.flatMap(({ items }) => items.map(({ value }) => value)))
  // A stage that the process no longer has can only be removed.
  const gone = own.filter((value) => !values.has(value)).map((value) => ({ value, label: stageOf(value).stage }))
  return (
    <MultiSelect
      label={t(`messages.stages.${as}`)}
      description={t(`messages.stages.${as}Note`)}
      searchable
      data={[...known, ...gone]}
      value={own}
      error={error}
      onChange={(chosen) => onChange([...others, ...chosen.map((value) => ({ ...stageOf(value), as }))])}
    />
  )
}

function stageOf(key: string): { readonly process: string; readonly stage: string } {
  const [process, stage] = JSON.parse(key) as [string, string]
  return { process, stage }
}

/** Fields that are not set are empty, and left out when they are saved. */
function valuesOf({ languageField = '', language, ...settings }: CustomerNewsSettings) {
  return { ...settings, stages: [...settings.stages], languageField, language: language ?? ('' as const) }
}
