import { Button, TextInput } from '@mantine/core'
import { importUndo, type ImportView } from '@stagewatch/shared/contract/imports.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import button from '../../../components/button.module.css'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { Form } from '../../../components/form/form.tsx'
import { useSchemaForm } from '../../../components/form/use-schema-form.ts'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { OnlineButton } from '../../../components/online-button.tsx'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { useUndoImport } from '../api.ts'
import styles from './run.module.css'

interface UndoImportProps {
  readonly undone: ImportView
  /** Whether there are several such buttons on the page, distinguished by the file name. */
  readonly isInList?: boolean
}

/** Undoes an import, with a reason, or continues an undo that somebody has started. */
export function UndoImport({ undone, isInList = false }: UndoImportProps) {
  const { t } = useText()
  const [isOpen, setIsOpen] = useState(false)
  const undo = useUndoImport(undone.id)
  const { state, accepted, file } = undone
  const canBegin = (state === 'done' || state === 'brokenOff') && accepted > 0
  if (!canBegin && state !== 'undoing') return null
  const label = t(state === 'undoing' ? 'imports.undo.goOn' : 'imports.undo.button')
  const about = isInList ? { 'aria-label': `${label}: ${file}` } : {}
  if (state === 'undoing') {
    return (
      <>
        <OnlineButton
          variant="default"
          loading={undo.isPending}
          {...about}
          onClick={() => undo.mutate(undone.undo?.reason ?? '')}
        >
          {label}
        </OnlineButton>
        <ErrorAlert error={undo.error} />
      </>
    )
  }
  return (
    <>
      <Button variant="default" className={button['danger']} {...about} onClick={() => setIsOpen(true)}>
        {label}
      </Button>
      {isOpen && <AskReason undone={undone} undo={undo} onClose={() => setIsOpen(false)} />}
    </>
  )
}

interface AskReasonProps {
  readonly undone: ImportView
  readonly undo: ReturnType<typeof useUndoImport>
  readonly onClose: () => void
}

function AskReason({ undone: { file, accepted }, undo, onClose }: AskReasonProps) {
  const { t, language } = useText()
  const { field, submit } = useSchemaForm(importUndo, { reason: '' })
  const finish = (restored: number): void => {
    const back = { count: restored, shown: formatCount(restored, language) }
    notifyDone(restored === 0 ? t('imports.undo.success') : t('imports.undo.successRestored', back))
    onClose()
  }
  return (
    <Dialog title={t('imports.undo.title', { file })} className={styles['dialog']} onClose={onClose}>
      <Form onSubmit={submit(({ reason }) => undo.mutate(reason, { onSuccess: finish }))}>
        <p>{t('imports.undo.text', { count: accepted, shown: formatCount(accepted, language) })}</p>
        <TextInput
          {...field('reason')}
          label={t('imports.undo.reason')}
          description={t('imports.undo.reasonHint')}
          autoComplete="off"
          data-autofocus
          required
        />
        <ErrorAlert error={undo.error} />
        <div className={layout['row']}>
          <OnlineButton type="submit" className={clsx(button['danger'], button['sure'])} loading={undo.isPending}>
            {t('imports.undo.confirm')}
          </OnlineButton>
          <Button variant="default" onClick={onClose}>
            {t('desk.cancel')}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
