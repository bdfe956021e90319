import type { PathsAnswer } from '@stagewatch/shared/contract/analysis-paths.ts'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { missing } from '../../../format/quantity.ts'
import styles from '../analysis.module.css'
import { useAnalysisText } from '../use-analysis-text.ts'
import { FigureLink } from './figure-link.tsx'
import type { PathsSearch } from '../analysis-search.ts'

interface TableProps {
  readonly answer: PathsAnswer
}

const figures = ['returned', 'skipped', 'skippedOpen'] as const

/** Repeated and skipped visits by stage. */
export function DeviationTable({ answer }: TableProps) {
  const { t, nameOf, count } = useAnalysisText()
  const title = t('paths.deviations.title')
  const questionOf = (figure: (typeof figures)[number], stage: string): PathsSearch => {
    if (figure === 'returned') return { returned: stage }
    return figure === 'skipped' ? { skipped: stage } : { skipped: stage, status: 'open' }
  }
  return (
    <ScrollArea label={title} className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('analysis.dimension.stage')}</th>
            {figures.map((figure) => (
              <th key={figure} scope="col">
                {t(`paths.deviations.${figure}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.stages.map((stage) => (
            <tr key={stage.stage}>
              <th scope="row">{nameOf(stage.name)}</th>
              {figures.map((figure) => {
                const { [figure]: orders } = stage
                return (
                  <td key={figure}>
                    {orders === undefined ? missing : null}
                    {orders === 0 ? count(0) : null}
                    {orders !== undefined && orders > 0 && (
                      <FigureLink
                        figure={questionOf(figure, stage.stage)}
                        label={`${nameOf(stage.name)}, ${t(`paths.deviations.${figure}`)}: ${count(orders)}`}
                      >
                        {count(orders)}
                      </FigureLink>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

/** Every move between two stages, including those that the map omits. */
export function MoveTable({ answer: { stages, moves, otherMoves } }: TableProps) {
  const { t, nameOf, count, duration } = useAnalysisText()
  const names = new Map(stages.map(({ stage, name }) => [stage, nameOf(name)]))
  return (
    <>
      <ScrollArea label={t('paths.map.title')} className={`${styles['scroll']} ${styles['long']}`}>
        <table className={styles['table']}>
          <thead>
            <tr>
              {(['move', 'kind', 'moves', 'gap'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`paths.map.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {moves.map(({ from, to, kind, moves: times, p50GapMs }) => {
              const move = `${names.get(from) ?? from} → ${names.get(to) ?? to}`
              return (
                <tr key={move}>
                  <th scope="row">{move}</th>
                  <td>{t(`paths.kind.${kind}`)}</td>
                  <td>
                    <FigureLink figure={{ moveFrom: from, moveTo: to }} label={`${move}: ${count(times)}`}>
                      {count(times)}
                    </FigureLink>
                  </td>
                  <td>{duration(p50GapMs)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </ScrollArea>
      {otherMoves > 0 && <p className={styles['note']}>{t('paths.map.otherMoves', { value: count(otherMoves) })}</p>}
    </>
  )
}
