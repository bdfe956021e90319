import { NativeSelect, TextInput } from '@mantine/core'
import { sourceDescription } from '@stagewatch/shared/contract/sources.ts'
import type { SourceView } from '@stagewatch/shared/contract/sources.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import { useState } from 'react'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import formStyles from '../../components/form/form.module.css'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useDescribeSource } from './api.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const offered = [1, 5, 10, 15, 30, 60, 240, 720, 1_440, 10_080].map((minutes) => minutes * minuteMs)

interface SourceEditorProps {
  readonly source: SourceView
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

/** The name of the source, and the silence after which it is late. */
export function SourceEditor({ source, asOf, onDone }: SourceEditorProps) {
  const { t } = useText()
  const duration = useDurationText()
  const [before, setBefore] = useState(() => savedOf(source))
  const { form, field, submit } = useSchemaForm(sourceDescription, savedOf(source))
  const save = useDescribeSource(source)
  const { name, intervalMs } = form.values
  const intervals = [...new Set([...offered, ...(intervalMs === undefined ? [] : [intervalMs])])].toSorted(
    (a, b) => a - b,
  )
  const finish = () => {
    notifyDone(t('desk.saved'))
    onDone()
  }
  return (
    <Form onSubmit={submit((body) => save.mutate(body, { onSuccess: finish }))}>
      <strong className={layout['break']}>{source.source}</strong>
      {!save.isSuccess && (
        <EditConflict
          before={before}
          current={savedOf(source)}
          yours={form.values}
          now={asOf}
          onTakeTheirs={() => {
            save.reset()
            setBefore(savedOf(source))
            form.setValues(savedOf(source))
          }}
        />
      )}
      <div className={formStyles['fields']}>
        {languages.map((each) => (
          <TextInput
            key={each}
            name={`name.${each}`}
            lang={locales[each].tag}
            label={t('sources.nameIn', { language: locales[each].name })}
            value={name[each] ?? ''}
            error={form.errors[`name.${each}`]}
            onChange={(event) => form.setFieldValue('name', { ...name, [each]: event.currentTarget.value })}
          />
        ))}
        <NativeSelect
          {...field('intervalMs')}
          label={t('sources.interval')}
          description={t('sources.intervalHint')}
          value={intervalMs === undefined ? '' : String(intervalMs)}
          data={[
            { value: '', label: t('sources.noInterval') },
            ...intervals.map((ms) => ({ value: String(ms), label: t('sources.every', { time: duration(ms) }) })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            form.setFieldValue('intervalMs', value === '' ? undefined : Number(value))
          }
        />
      </div>
      {source.meanIntervalMs !== undefined && source.meanIntervalMs < hourMs && (
        <p className={layout['meta']}>
          {t('sources.seen', { time: duration(Math.max(minuteMs, source.meanIntervalMs)) })}
        </p>
      )}
      <ErrorAlert error={save.error} />
      <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
    </Form>
  )
}

function savedOf({ name, intervalMs }: SourceView) {
  return { name, intervalMs }
}
