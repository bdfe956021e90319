import { Button } from '@mantine/core'
import { clsx } from 'clsx'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { StatusGlyph } from '../../../components/status-glyph.tsx'
import { useText } from '../../../locales/use-text.ts'
import type { Finding, Fix } from './findings.ts'
import styles from './report.module.css'
import { useFindingText, useFixText } from './use-report-texts.ts'

interface FindingListProps {
  readonly findings: readonly Finding[]
  /** Undefined: nothing can be changed any more. */
  readonly onFix?: ((fix: Fix) => void) | undefined
}

/** Findings to review before the import, each with its possible fixes. */
export function FindingList({ findings, onFix }: FindingListProps) {
  const { t } = useText()
  const findingText = useFindingText()
  return (
    <section className={clsx(card['card'], card['flush'])}>
      <h2 className={card['title']}>
        {t(findings.length === 0 ? 'imports.findings.noneTitle' : 'imports.findings.title')}{' '}
        {findings.length > 0 && <span className={card['titleNote']}>{findings.length}</span>}
      </h2>
      {findings.length === 0 && <p className={layout['meta']}>{t('imports.findings.none')}</p>}
      <ul>
        {findings.map((finding) => {
          const { level, lines, count, fixes } = finding
          const text = findingText(finding)
          return (
            <li key={text} className={clsx(styles['finding'], level === 'warning' && styles['warning'])}>
              <StatusGlyph
                state={level === 'warning' ? 'atRisk' : 'onTrack'}
                label={t(`imports.findings.level.${level}`)}
              />
              <div className={styles['findingText']}>
                <p>{text}</p>
                {lines.length > 0 && <Lines lines={lines} isMore={count > lines.length} />}
                {onFix !== undefined && fixes.length > 0 && <Fixes fixes={fixes} about={text} onFix={onFix} />}
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Lines({ lines, isMore }: { readonly lines: readonly number[]; readonly isMore: boolean }) {
  const { t } = useText()
  const text = t('imports.findings.lines', { count: lines.length, lines: lines.join(t('listComma')) })
  return <p className={layout['meta']}>{isMore ? t('imports.findings.more', { lines: text }) : text}</p>
}

interface FixesProps {
  readonly fixes: readonly Fix[]
  /** Distinguishes the buttons of a page. */
  readonly about: string
  readonly onFix: (fix: Fix) => void
}

export function Fixes({ fixes, about, onFix }: FixesProps) {
  const fixText = useFixText()
  return (
    <div className={layout['row']}>
      {fixes.map((fix) => {
        const text = fixText(fix)
        return (
          <Button key={text} variant="default" size="xs" aria-label={`${text}: ${about}`} onClick={() => onFix(fix)}>
            {text}
          </Button>
        )
      })}
    </div>
  )
}
