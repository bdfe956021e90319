import { dryRunConditions, type DryRunCondition, type DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import { Link } from '@tanstack/react-router'
import layout from '../../../components/layout/layout.module.css'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import styles from './dry-run.module.css'

/** Orders whose status would change. */
export function StatusExamples({ result: { total, examples } }: { readonly result: DryRunResult }) {
  const { t, language } = useText()
  const { statusChanges } = total
  const statusText = (conditions: readonly DryRunCondition[]): string =>
    conditions.length === 0
      ? t('processes.dryRun.onTrack')
      : dryRunConditions
          .filter((each) => conditions.includes(each))
          .map((each) => t(`orders.status.${each}`))
          .join(t('listComma'))
  const summary = t('processes.dryRun.statusChanges', {
    count: statusChanges,
    value: formatCount(statusChanges, language),
  })
  if (examples.length === 0) return <p className={layout['meta']}>{summary}</p>
  return (
    <details className={styles['examples']}>
      <summary>{summary}</summary>
      <ul>
        {examples.map(({ order, live, draft }) => (
          <li key={order}>
            <Link to="/orders/$order" params={{ order }}>
              {order}
            </Link>{' '}
            <span>{t('processes.fromTo', { before: statusText(live), after: statusText(draft) })}</span>
          </li>
        ))}
        {statusChanges > examples.length && <li>{t('changes.more', { count: statusChanges - examples.length })}</li>}
      </ul>
    </details>
  )
}
