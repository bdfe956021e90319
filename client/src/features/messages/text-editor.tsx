import { Button, Textarea, TextInput } from '@mantine/core'
import { wording } from '@stagewatch/shared/contract/message-texts.ts'
import type { MessageText } from '@stagewatch/shared/contract/message-texts.ts'
import { textPlaceholders } from '@stagewatch/shared/domain/message-template.ts'
import { useEffect, useState } from 'react'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { useText } from '../../locales/use-text.ts'
import { usePreview, useResetText, useSaveText } from './api.ts'
import styles from './messages.module.css'
import { TextPreviews } from './text-previews.tsx'

interface TextEditorProps {
  readonly text: MessageText
  readonly name: string
  readonly isOpen: boolean
  /** Epoch ms. */
  readonly asOf: number
  readonly onOpen: () => void
  readonly onClose: () => void
}

/** A text with its title and body, and the form that changes them. */
export function TextEditor({ text, name, isOpen, asOf, onOpen, onClose }: TextEditorProps) {
  const { t } = useText()
  const reset = useResetText(text)
  return (
    <>
      <div className={styles['head']}>
        <div>
          <strong>{name}</strong>
          {text.isChanged && <span className={layout['meta']}> {t('messages.changed')}</span>}
          {!isOpen && <p className={styles['shown']}>{`${text.title}\n${text.body}`}</p>}
        </div>
        {!isOpen && (
          <div className={layout['row']}>
            {text.isChanged && (
              <ConfirmButton
                label={t('messages.reset')}
                question={t('messages.resetQuestion')}
                about={name}
                busy={reset.isPending}
                onConfirm={() => reset.mutate(undefined, { onSuccess: () => notifyDone(t('messages.wasReset')) })}
              />
            )}
            <Button variant="default" aria-label={t('messages.editOf', { name })} onClick={onOpen}>
              {t('messages.edit')}
            </Button>
          </div>
        )}
      </div>
      <ErrorAlert error={reset.error} />
      {isOpen && <TextForm text={text} asOf={asOf} onClose={onClose} />}
    </>
  )
}

/** Delay after the last keystroke before the preview is requested. */
const previewAfterMs = 400

function TextForm({ text, asOf, onClose }: Pick<TextEditorProps, 'text' | 'asOf' | 'onClose'>) {
  const { t } = useText()
  const saved = { title: text.title, body: text.body }
  const [before, setBefore] = useState(saved)
  const { form, field, submit } = useSchemaForm(wording, saved)
  const { title, body } = form.values
  const save = useSaveText(text)
  const { mutate: look, data: preview, error: refused } = usePreview(text)
  useEffect(() => {
    if (title.trim() === '' || body.trim() === '') return undefined
    const timer = setTimeout(() => look({ title, body }), previewAfterMs)
    return () => clearTimeout(timer)
  }, [title, body, look])
  const names = textPlaceholders[text.key]
  const usable = (part: 'title' | 'body') =>
    t('messages.placeholders', { names: names[part].map((name) => `{${name}}`).join(' ') })
  return (
    <Form
      onSubmit={submit((values) =>
        save.mutate(
          { ...values, version: text.version },
          {
            onSuccess: () => {
              notifyDone(t('messages.textSaved'))
              onClose()
            },
          },
        ),
      )}
    >
      {!save.isPending && (
        <EditConflict
          before={before}
          current={saved}
          yours={form.values}
          now={asOf}
          onTakeTheirs={() => {
            save.reset()
            setBefore(saved)
            form.setValues(saved)
          }}
        />
      )}
      <TextInput label={t('messages.title')} description={usable('title')} {...field('title')} />
      <Textarea label={t('messages.body')} description={usable('body')} rows={4} {...field('body')} />
      <details>
        <summary>{t('messages.meanings')}</summary>
        <dl className={layout['pairs']}>
          {[...new Set([...names.title, ...names.body])].map((name) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{`{${name}}`}</dt>
              <dd>{t(`messages.placeholder.${name}`)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <ErrorAlert error={save.error ?? refused} />
      {refused === null && preview !== undefined && <TextPreviews preview={preview} />}
      <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onClose} />
    </Form>
  )
}
