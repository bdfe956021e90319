import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { notifyDone } from '../../components/notify.ts'
import { useText } from '../../locales/use-text.ts'
import { useSaveScreen } from './api.ts'
import { ScreenForm, useScreenForm } from './screen-form.tsx'
import styles from './screens.module.css'

interface ScreenEditorProps {
  readonly screen: Screen
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

export function ScreenEditor({ screen, asOf, onDone }: ScreenEditorProps) {
  const { t } = useText()
  const { departments } = useMe()
  const [before, setBefore] = useState(() => savedOf(screen))
  const state = useScreenForm(savedOf(screen))
  const { form, submit } = state
  const save = useSaveScreen(screen)
  const finish = () => {
    notifyDone(t('desk.saved'))
    onDone()
  }
  return (
    <div className={styles['editor']}>
      <Form onSubmit={submit((body) => save.mutate(body, { onSuccess: finish }))}>
        {!save.isSuccess && (
          <EditConflict
            before={before}
            current={savedOf(screen)}
            yours={form.values}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              setBefore(savedOf(screen))
              form.setValues(savedOf(screen))
            }}
          />
        )}
        <ScreenForm state={state} allowed={departments} />
        <ErrorAlert error={save.error} />
        <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
      </Form>
    </div>
  )
}

function savedOf({ name, settings }: Screen) {
  return { name, settings }
}
