import { Button } from '@mantine/core'
import type { UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isApiError } from '../../../api/request.ts'
import { Dialog } from '../../../components/dialog.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import { OnlineButton } from '../../../components/online-button.tsx'
import { SegmentedField } from '../../../components/form/segmented-field.tsx'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { useImportUpload } from '../api.ts'
import { forgetFile } from '../sending/sent-files.ts'
import type { CheckedOrder } from '../use-checked-order.ts'
import styles from './run.module.css'

interface StartImportProps {
  readonly upload: UploadView
  readonly checked: CheckedOrder
}

/** Starts the import, or says why it cannot be started. */
export function StartImport({ upload, checked }: StartImportProps) {
  const { t, language } = useText()
  const navigate = useNavigate()
  const start = useImportUpload(upload.id)
  const { order, report } = checked
  const blocked = blockedBy(checked)
  const begin = (repeated?: 'replace' | 'beside'): void =>
    start.mutate(
      { ...order, ...(repeated !== undefined && { repeated }) },
      {
        onSuccess: ({ id }) => {
          forgetFile(upload.id)
          void navigate({ to: '/imports/$id', params: { id: String(id) } })
        },
      },
    )
  const isRepeated = isApiError(start.error, 'conflict')
  const count = report?.accepted ?? 0
  return (
    <>
      <OnlineButton loading={start.isPending} disabled={blocked !== undefined} onClick={() => begin()}>
        {blocked === undefined
          ? t('imports.run.button', { count, shown: formatCount(count, language) })
          : t('imports.run.buttonPlain')}
      </OnlineButton>
      {blocked !== undefined && <p className={layout['meta']}>{t(`imports.run.blocked.${blocked}`)}</p>}
      {!isRepeated && <ErrorAlert error={start.error} />}
      {isRepeated && <AskRepeated isBusy={start.isPending} onChosen={begin} onClose={() => start.reset()} />}
    </>
  )
}

function blockedBy({ state, report }: CheckedOrder) {
  if (state === 'done') {
    if (report === undefined) return 'checking'
    if (report.accepted > 0) return undefined
    return report.duplicate > 0 ? 'known' : 'nothing'
  }
  return state === 'refused' ? 'stopped' : state
}

interface AskRepeatedProps {
  readonly isBusy: boolean
  readonly onChosen: (repeated: 'replace' | 'beside') => void
  readonly onClose: () => void
}

/** Asks what to do when the file was already imported with other settings. */
function AskRepeated({ isBusy, onChosen, onClose }: AskRepeatedProps) {
  const { t } = useText()
  const [repeated, setRepeated] = useState<'replace' | 'beside'>('replace')
  return (
    <Dialog title={t('imports.earlier.title')} className={styles['dialog']} onClose={onClose}>
      <div className={layout['stack']}>
        <SegmentedField
          label={t('imports.earlier.ask')}
          value={repeated}
          options={{ replace: t('imports.earlier.replace'), beside: t('imports.earlier.beside') }}
          onChange={setRepeated}
        />
        <p className={layout['meta']}>{t(`imports.earlier.${repeated}Text`)}</p>
        <div className={layout['row']}>
          <OnlineButton loading={isBusy} onClick={() => onChosen(repeated)}>
            {t('imports.earlier.continue')}
          </OnlineButton>
          <Button variant="default" onClick={onClose}>
            {t('desk.cancel')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
