import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import layout from '../../../components/layout/layout.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount, formatNet, formatShare, missing, withPercentSign } from '../../../format/quantity.ts'
import { useDurationText } from '../../../format/use-duration-text.ts'
import { useText } from '../../../locales/use-text.ts'
import inspector from '../inspector/inspector.module.css'
import { useProcess } from '../process-context.ts'
import styles from './dry-run.module.css'

type Stage = DryRunResult['stages'][number]
const dayMs = 86_400_000

interface DryRunTableProps {
  readonly result: DryRunResult
  /** Requested period in days. */
  readonly days: number
  /** Whether the draft is compared with a template instead of the released process. */
  readonly isSample: boolean
}

/** Figures of the released process beside those of the draft, with differences first. */
export function DryRunTable({ result, days, isSample }: DryRunTableProps) {
  const { t, language, nameOf } = useText()
  const { definition, live, asOf } = useProcess()
  const durationText = useDurationText()
  const [isAll, setAll] = useState(false)
  const { total, stages } = result
  const count = (value: number): string => formatCount(value, language)
  const share = (breaches: number, visits: number): string =>
    visits === 0 ? missing : withPercentSign(formatShare(breaches, visits, language), language)
  const differing = stages.filter(differs)
  const shown = isAll ? stages : differing
  const nameOfStage = (code: string): string => {
    const stage = [...definition.stages, ...live.stages].find((one) => one.code === code)
    return stage === undefined ? code : nameOf(stage.name)
  }
  const isShort = result.to - result.from < (days - 1) * dayMs
  return (
    <>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text" data-may-truncate>
                {t('processes.dryRun.figure')}
              </span>
            </th>
            <th scope="col">{t(isSample ? 'processes.template.column' : 'processes.live')}</th>
            <th scope="col">{t('processes.draft')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ stage, visits, p50Ms, p90Ms, live: was, draft: is }) => (
            <tr key={stage}>
              <th scope="row">
                {t('processes.dryRun.breachShare', { stage: nameOfStage(stage) })}
                {p50Ms !== undefined && p90Ms !== undefined && (
                  <span className={styles['real']}>
                    {t('processes.dryRun.real', { p50: durationText(p50Ms), p90: durationText(p90Ms) })}
                  </span>
                )}
              </th>
              <td>{share(was.breaches, visits)}</td>
              <td>
                <After text={share(is.breaches, visits)} isSame={was.breaches === is.breaches} />
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t('processes.dryRun.breaches')}</th>
            <td>{share(total.live.breaches, total.visits)}</td>
            <td>
              <After
                text={share(total.draft.breaches, total.visits)}
                isSame={total.live.breaches === total.draft.breaches}
              />
            </td>
          </tr>
          {(['overdue', 'atRisk', 'stalled'] as const).map((field) => (
            <tr key={field}>
              <th scope="row">{t(`processes.dryRun.${field}`)}</th>
              <td>{count(total.live[field])}</td>
              <td>
                <After
                  text={count(total.draft[field])}
                  isSame={total.live[field] === total.draft[field]}
                  change={formatNet(total.draft[field] - total.live[field], language)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {differing.length < stages.length && (
        <button type="button" className={inspector['textButton']} onClick={() => setAll(!isAll)}>
          {t(isAll ? 'processes.dryRun.onlyDiffering' : 'processes.dryRun.allStages')}
        </button>
      )}
      {isShort && (
        <p className={layout['meta']}>
          {t('processes.dryRun.since', { time: instantText(result.from, asOf, language) })}
        </p>
      )}
      {total.unjudged > 0 && (
        <p className={layout['meta']}>
          {t('processes.dryRun.unjudged', { count: total.unjudged, value: count(total.unjudged) })}
        </p>
      )}
      {result.endsOtherwise && <p className={layout['meta']}>{t('processes.dryRun.endsOtherwise')}</p>}
    </>
  )
}

function differs({ live, draft, statusChanges }: Stage): boolean {
  return statusChanges > 0 || live.breaches !== draft.breaches
}

interface AfterProps {
  readonly text: string
  readonly isSame: boolean
  readonly change?: string
}

function After({ text, isSame, change }: AfterProps) {
  const { t } = useText()
  return (
    <span className={clsx(isSame && styles['same'])}>
      {text} {isSame ? <small>{t('processes.dryRun.same')}</small> : change !== undefined && <small>{change}</small>}
    </span>
  )
}
