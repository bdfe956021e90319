import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { clsx } from 'clsx'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { Fixes } from './finding-list.tsx'
import { fixesOfRejection, type Fix } from './findings.ts'
import styles from './report.module.css'
import { useRejectionText } from './use-report-texts.ts'

interface RejectionsProps {
  readonly report: ImportReport
  readonly onFix?: ((fix: Fix) => void) | undefined
}

/** Rejected rows by column and cause, with the first of each. */
export function Rejections({ report: { rejections, rejected, dryRun }, onFix }: RejectionsProps) {
  const { t, language } = useText()
  const rejectionText = useRejectionText()
  if (rejected === 0) return null
  return (
    <section className={clsx(card['card'], card['flush'])}>
      <h2 className={card['title']}>
        {t('imports.rejections.title')} <span className={card['titleNote']}>{formatCount(rejected, language)}</span>
      </h2>
      {dryRun && <p className={clsx(layout['meta'], styles['intro'])}>{t('imports.rejections.text')}</p>}
      <ul>
        {rejections.map((group) => {
          const { column, code, cause, count, first } = group
          const text = rejectionText(group)
          const title = column === '' ? text : t('labelled', { label: column, value: text })
          const fixes = fixesOfRejection(group)
          const more = count - first.length
          return (
            <li key={`${column} ${code} ${cause}`} className={styles['rejection']}>
              <strong className={styles['count']}>{formatCount(count, language)}</strong>
              <div className={styles['findingText']}>
                <p>
                  <strong className={layout['break']}>{title}</strong>
                </p>
                <ul className={styles['examples']}>
                  {first.map(({ line, value, message }) => (
                    <li key={`${line} ${message}`} title={message}>
                      <span className={layout['meta']}>{t('imports.rejections.line', { line })}</span>{' '}
                      {column !== '' && (
                        <code className={layout['break']}>{value ?? t('imports.rejections.empty')}</code>
                      )}
                    </li>
                  ))}
                  {more > 0 && (
                    <li className={layout['meta']}>
                      {t('imports.rejections.more', { count: more, shown: formatCount(more, language) })}
                    </li>
                  )}
                </ul>
                {onFix !== undefined && fixes.length > 0 && <Fixes fixes={fixes} about={title} onFix={onFix} />}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
