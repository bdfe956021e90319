import type { ImportDetail } from '@stagewatch/shared/contract/imports.ts'
import { clsx } from 'clsx'
import card from '../../../components/card.module.css'
import { ConfirmButton } from '../../../components/confirm-button.tsx'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import layout from '../../../components/layout/layout.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import { useStopImport } from '../api.ts'
import { Progress } from '../progress.tsx'
import { ImportCounts } from './import-counts.tsx'
import styles from './run.module.css'

interface ImportProgressProps {
  readonly found: ImportDetail
  /** Epoch ms. */
  readonly now: number
}

/** A running import. */
export function ImportProgress({ found, now }: ImportProgressProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const stop = useStopImport(found.id)
  const { file, state, progress, actor, startedAt } = found
  const title = t('imports.run.title', { file })
  const phase = progress === undefined ? undefined : t(`imports.check.phase.${progress.phase}`)
  return (
    <section className={clsx(card['card'], layout['stack'])}>
      <div className={styles['head']}>
        <div>
          <h2 className={clsx(card['stateTitle'], layout['break'])}>{title}</h2>
          <p className={layout['meta']}>
            {t('imports.run.by', { actor, time: instantText(startedAt, now, language) })}
          </p>
        </div>
        <ConfirmButton
          label={t('imports.run.stop')}
          about={file}
          question={t('imports.run.stopQuestion')}
          busy={stop.isPending}
          onConfirm={() => stop.mutate()}
        />
      </div>
      <Progress label={title} ratio={progress?.ratio} />
      <p className={layout['row']} role="status">
        <span>{state === 'waiting' ? t('imports.run.waiting') : phase}</span>
        {progress !== undefined && progress.rowsPerSecond > 0 && (
          <span className={layout['meta']}>
            {t('imports.run.rate', { shown: formatCount(progress.rowsPerSecond, language) })}
          </span>
        )}
        {progress?.leftMs !== undefined && progress.leftMs >= 60_000 && (
          <span className={layout['meta']}>{t('imports.run.left', { time: duration(progress.leftMs) })}</span>
        )}
      </p>
      <ImportCounts counts={found} />
      <ErrorAlert error={stop.error} />
    </section>
  )
}
