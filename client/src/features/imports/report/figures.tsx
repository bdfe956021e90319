import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { formatCount, missing } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import styles from './report.module.css'

interface FiguresProps {
  readonly report: ImportReport
  /** Epoch ms. */
  readonly now: number
}

/** Key figures of the report. */
export function Figures({ report, now }: FiguresProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { rows, orders, stages, accepted, duplicate, rejected, dryRun, times, meaning } = report
  const count = (value: number): string => formatCount(value, language)
  const span = times.find(({ name }) => name === 'time')?.span ?? times[0]?.span
  return (
    <dl className={clsx(card['card'], styles['figures'])}>
      <Figure title={t('imports.figure.rows')} value={count(rows)} />
      <Figure title={t('imports.figure.orders')} value={count(orders)}>
        {meaning.rows !== 'orders' && t('imports.figure.stages', { count: stages, shown: count(stages) })}
      </Figure>
      <Figure title={t(dryRun ? 'imports.figure.wouldAdd' : 'imports.figure.added')} value={count(accepted)} />
      <Figure title={t('imports.figure.duplicate')} value={count(duplicate)} />
      <Figure title={t('imports.figure.rejected')} value={count(rejected)} isBad={rejected > 0} />
      <Figure
        title={t('imports.figure.span')}
        isText
        value={
          span === undefined ? missing : `${dayText(span.earliestAt, language)} – ${dayText(span.latestAt, language)}`
        }
      >
        {span !== undefined &&
          (span.latestAt > now
            ? t('imports.figure.future')
            : t('imports.figure.age', { time: duration(now - span.latestAt) }))}
      </Figure>
    </dl>
  )
}

interface FigureProps {
  readonly title: string
  readonly value: string
  readonly isText?: boolean
  readonly isBad?: boolean
  readonly children?: ReactNode
}

function Figure({ title, value, isText = false, isBad = false, children }: FigureProps) {
  return (
    <div className={styles['figure']}>
      <dt>{title}</dt>
      <dd className={clsx(isText ? styles['span'] : styles['value'], isBad && styles['bad'])}>{value}</dd>
      {children !== undefined && children !== false && <dd className={layout['meta']}>{children}</dd>}
    </div>
  )
}

/** `3 Jan 2026`, `2026年1月3日`, in the user's time zone. */
function dayText(at: number, language: Language): string {
  return new Date(at).toLocaleDateString(locales[language].formatTag, { dateStyle: 'medium' })
}
