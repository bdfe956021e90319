import { Button } from '@mantine/core'
import type { UploadCheck, UploadView } from '@stagewatch/shared/contract/uploads.ts'
import { clsx } from 'clsx'
import { isApiError } from '../../api/request.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { isElsewhere, useStopCheck } from './api.ts'
import { Progress } from './progress.tsx'
import { useFileProblemText } from './report/use-report-texts.ts'
import type { CheckedOrder } from './use-checked-order.ts'
import styles from './imports.module.css'

interface CheckStateProps {
  readonly upload: UploadView
  readonly checked: CheckedOrder
  /** The mapping is only on the page of its own step. */
  readonly step: 'map' | 'check'
}

/** Whether the displayed report matches what would be imported. */
export function CheckState({ upload, checked, step }: CheckStateProps) {
  const { t } = useText()
  const { state, error, checkAgain } = checked
  const again = (
    <Button variant="default" onClick={checkAgain}>
      {t('imports.check.again')}
    </Button>
  )
  return (
    <div className={styles['alerts']} aria-live="polite">
      {state === 'checking' && <Checking upload={upload} hasReport={checked.report !== undefined} />}
      {state === 'stopped' && (
        <div className={note['note']} role="status">
          {t('imports.check.stopped')}
          {again}
        </div>
      )}
      {state === 'refused' && (
        <div className={layout['row']}>
          {isApiError(error, 'overloaded') || isElsewhere(error ?? null) ? (
            <p className={clsx(note['note'], note['warning'])} role="alert">
              {t(isElsewhere(error ?? null) ? 'imports.sending.elsewhere' : 'imports.check.tooBusy')}
            </p>
          ) : (
            <ErrorAlert error={error} />
          )}
          {again}
        </div>
      )}
      {state === 'failed' && upload.check?.problem !== undefined && (
        <Failed problem={upload.check.problem} step={step} />
      )}
    </div>
  )
}

function Checking({ upload, hasReport }: { readonly upload: UploadView; readonly hasReport: boolean }) {
  const { t } = useText()
  const duration = useDurationText()
  const stop = useStopCheck(upload.id)
  const { check } = upload
  const progress = check?.state === 'running' ? check.progress : undefined
  const text = progress === undefined ? t('imports.check.running') : t(`imports.check.phase.${progress.phase}`)
  return (
    <section className={clsx(card['card'], layout['stack'])}>
      <div className={layout['bar']}>
        <p role="status">
          {check?.state === 'waiting' ? t('imports.check.waiting') : text}
          {progress?.leftMs !== undefined && progress.leftMs >= 60_000 && (
            <span className={layout['meta']}> · {t('imports.run.left', { time: duration(progress.leftMs) })}</span>
          )}
        </p>
        <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
          {t('imports.check.stop')}
        </Button>
      </div>
      <Progress label={text} ratio={progress?.ratio} />
      {hasReport && <p className={layout['meta']}>{t('imports.check.stale')}</p>}
      <ErrorAlert error={stop.error} />
    </section>
  )
}

const failureCodes = [
  'missing_field',
  'bad_request',
  'unsupported_media_type',
  'too_large',
  'invalid_field',
  'unknown_stage',
  'not_found',
  'internal',
] as const

/** Why the file cannot be read. Causes without a translation are shown in the server's words, in English. */
interface FailedProps extends Pick<CheckStateProps, 'step'> {
  readonly problem: NonNullable<UploadCheck['problem']>
}

function Failed({ problem: { code, message, file }, step }: FailedProps) {
  const { t } = useText()
  const fileProblemText = useFileProblemText()
  const known = failureCodes.find((each) => each === code)
  const exactly = file && fileProblemText(file)
  return (
    <div className={clsx(note['note'], note['error'])} role="alert">
      <StatusGlyph state="overdue" />
      <div>
        <p>
          <strong>{t('imports.check.failed')}</strong>{' '}
          {exactly ?? (known === undefined ? t(`problem.${code}`) : t(`imports.failure.${known}`))}
        </p>
        <p>{t(step === 'map' ? 'imports.check.failedText' : 'imports.check.failedBack')}</p>
        {exactly === undefined && (
          <details>
            <summary>{t('imports.check.details')}</summary>
            <p className={layout['break']} lang="en">
              {message}
            </p>
          </details>
        )}
      </div>
    </div>
  )
}
