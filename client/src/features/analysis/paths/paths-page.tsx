import { NativeSelect } from '@mantine/core'
import { pathsAnswer, type PathsAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { isApiError } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { TableButton } from '../../../components/chart/table-button.tsx'
import { AnalysisBoundary } from '../analysis-boundary.tsx'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { analysisQuery, useAnalysis } from '../api.ts'
import { NothingInPeriod } from '../nothing-in-period.tsx'
import { useAnalysisText } from '../use-analysis-text.ts'
import { PathMap } from './path-map.tsx'
import { PathOrders } from './path-orders.tsx'
import { hasFigure, type PathsSearch } from '../analysis-search.ts'
import own from './paths.module.css'
import { DeviationTable, MoveTable } from './stage-table.tsx'
import { VariantList } from './variant-list.tsx'

/** The paths of orders through a process, and which stages they skipped or repeated. */
export function PathsPage() {
  const { t } = useAnalysisText()
  const { site } = useMe()
  const { question } = useAnalysisScope()
  const paths = useAnalysis(analysisQuery(site, 'paths', pathsAnswer, question))
  const none = <NothingInPeriod title={t('paths.none')} text={t('paths.noneText')} />
  // A site without events has no process yet.
  if (isApiError(paths.query.error, 'not_found')) return none
  return (
    <AnalysisBoundary analysis={paths}>
      {(answer) =>
        answer.orders === 0 && answer.stages.every(({ skippedOpen = 0 }) => skippedOpen === 0) ? (
          none
        ) : (
          <Paths answer={answer} />
        )
      }
    </AnalysisBoundary>
  )
}

function Paths({ answer }: { readonly answer: PathsAnswer }) {
  const { t, nameOf, count, share } = useAnalysisText()
  const { onChange } = useAnalysisScope()
  const search: PathsSearch = useSearch({ from: '/shell/analysis/paths' })
  const [isTable, setTable] = useState(false)
  const { process, processes, orders, deviating, overReturned, stages } = answer
  const names = new Map(stages.map(({ stage, name }) => [stage, nameOf(name)]))
  const name = (stage = ''): string => names.get(stage) ?? stage
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        {processes.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={t('filters.dimension.process')}
            value={process.code}
            data={processes.map(({ code, name: text }) => ({ value: code, label: nameOf(text) || code }))}
            onChange={({ currentTarget }) => onChange({ process: [currentTarget.value] })}
          />
        )}
        <p className={styles['note']}>
          {t('paths.summary', { count: orders, value: count(orders), share: share(deviating, orders) })}
        </p>
      </div>
      {hasFigure(search) && <PathOrders search={search} process={process.code} title={titleOf(search)} />}
      <div className={own['columns']}>
        <section className={card['card']} aria-labelledby="path-map">
          <div className={styles['head']}>
            <h2 id="path-map">{t('paths.map.title')}</h2>
            <TableButton isTable={isTable} onToggle={setTable} />
          </div>
          {isTable ? <MoveTable answer={answer} /> : <PathMap answer={answer} />}
        </section>
        <div className={own['stack']}>
          <section className={card['card']} aria-labelledby="path-variants">
            <h2 id="path-variants" className={card['title']}>
              {t('paths.variants.title')}
            </h2>
            <VariantList answer={answer} />
          </section>
          <section className={card['card']} aria-labelledby="path-deviations">
            <h2 id="path-deviations" className={card['title']}>
              {t('paths.deviations.title')}
            </h2>
            <DeviationTable answer={answer} />
            {overReturned.map(({ from, to, maxTimes, orders: times }) => (
              <p key={`${from} ${to}`} className={styles['note']}>
                {t('paths.deviations.overReturned', {
                  from: name(from),
                  to: name(to),
                  most: count(maxTimes),
                  value: count(times),
                })}
              </p>
            ))}
            <p className={styles['note']}>{t('paths.deviations.note')}</p>
          </section>
        </div>
      </div>
    </div>
  )

  function titleOf({ variant, skipped, returned, moveFrom, moveTo, status }: PathsSearch): string {
    if (skipped !== undefined) {
      return t(status === 'open' ? 'paths.list.skippedOpen' : 'paths.list.skipped', { stage: name(skipped) })
    }
    if (returned !== undefined) return t('paths.list.returned', { stage: name(returned) })
    if (moveFrom !== undefined) return t('paths.list.moved', { from: name(moveFrom), to: name(moveTo) })
    const way = answer.variants.find(({ id }) => id === variant)?.stages ?? []
    return t('paths.list.variant', { way: way.map((stage) => name(stage)).join(' → ') })
  }
}
