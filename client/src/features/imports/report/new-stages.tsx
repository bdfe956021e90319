import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { useQuery } from '@tanstack/react-query'
import { processesQuery } from '../../../api/site-queries.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { formatCount } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import styles from './report.module.css'

interface NewStagesProps {
  readonly process: NonNullable<ImportReport['process']>
  /** Whether the stages have been created. */
  readonly isDone: boolean
}

/** Changes that an import makes to the process. */
export function NewStages({ process: { code, stages }, isDone }: NewStagesProps) {
  const { t, language } = useText()
  const duration = useDurationText()
  const { data } = useQuery(processesQuery(useMe().site))
  const known = new Set(data?.processes.find((process) => process.code === code)?.stages.map((stage) => stage.code))
  const shown = isDone ? stages : stages.filter((stage) => !known.has(stage.code))
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>
        {t('imports.stages.title')}{' '}
        <span className={card['titleNote']}>{t('imports.stages.created', { process: code })}</span>
      </h2>
      {!isDone && (
        <p className={layout['meta']}>
          {shown.length === 0
            ? t('imports.stages.none')
            : t('imports.stages.create', { count: shown.length, shown: formatCount(shown.length, language) })}
        </p>
      )}
      <ul className={styles['created']}>
        {shown.map((stage) => (
          <li key={stage.code}>
            <span className={layout['break']}>{stage.code}</span>
            <span className={layout['meta']}>
              {stage.terminal
                ? t('imports.map.terminal')
                : stage.targetMs !== undefined && t('imports.map.stageTarget', { time: duration(stage.targetMs) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
