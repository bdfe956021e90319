import type { WorkProgress as Progress } from '@stagewatch/shared/contract/answer-lines.ts'
import type { ReactNode } from 'react'
import { formatPercent } from '../format/quantity.ts'
import { useText } from '../locales/use-text.ts'
import styles from './work-progress.module.css'

interface WorkProgressProps {
  /** Describes the running work. */
  readonly label: string
  /** Undefined, or a total of 0: the progress is unknown. */
  readonly progress: Progress | undefined
  /** Actions, such as a cancel button. */
  readonly children?: ReactNode
}

/** Progress of long-running work on the server. */
export function WorkProgress({ label, progress, children }: WorkProgressProps) {
  const { t, language } = useText()
  const share = progress === undefined || progress.total === 0 ? undefined : progress.done / progress.total
  return (
    <div className={styles['progress']}>
      <progress aria-label={label} {...(share !== undefined && { value: share })} />
      <span>{share === undefined ? label : t('desk.progress', { value: formatPercent(share, language) })}</span>
      {children}
    </div>
  )
}
