import type { Severity } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import { clsx } from 'clsx'
import { useText } from '../../locales/use-text.ts'
import { StatusGlyph } from '../status-glyph.tsx'
import styles from './alerts.module.css'

const glyphs = { critical: 'overdue', warning: 'atRisk', info: 'onTrack' } as const satisfies Record<
  Severity,
  StageState
>

interface SeverityMarkProps {
  readonly severity: Severity
  /** Whether the word is visually hidden, for places where only the shape fits. */
  readonly isShort?: boolean
}

/** Shape and name of a severity. */
export function SeverityMark({ severity, isShort = false }: SeverityMarkProps) {
  const { t } = useText()
  const word = t(`alerts.severity.${severity}`)
  return (
    <span className={clsx(styles['severity'], styles[severity])} title={isShort ? word : undefined}>
      <StatusGlyph state={glyphs[severity]} />
      <span className={isShort ? 'hidden-text' : undefined} data-may-truncate={isShort || undefined}>
        {word}
      </span>
    </span>
  )
}
