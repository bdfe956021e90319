import type { Comparison } from '@stagewatch/shared/contract/analysis-compare.ts'
import type { CSSProperties } from 'react'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { formatPercent, formatTenths, missing } from '../../../format/quantity.ts'
import styles from '../analysis.module.css'
import { useAnalysisText } from '../use-analysis-text.ts'
import { VisitsLink } from '../visits/visits-link.tsx'
import type { VisitsSearch } from '../analysis-search.ts'
import own from './compare.module.css'
import { useChangeText, type FigureKind } from './use-change-text.ts'

export interface ComparedRow {
  readonly key: string
  readonly name: string
  readonly kind: FigureKind
  /** Undefined: the figure does not exist. */
  readonly comparison: Comparison | undefined
  /** Search parameters that list the visits of one period. Undefined: the row is not about the visits of a stage. */
  readonly visits?: (side: 'before' | 'after') => VisitsSearch
}

interface ComparisonTableProps {
  readonly title: string
  readonly rows: readonly ComparedRow[]
}

const columns = ['figure', 'before', 'after', 'change', 'count'] as const
/** The bar ranges from half to twice the value. */
const widest = 0.6

/** Figures of both periods, their change, and its confidence. */
export function ComparisonTable({ title, rows }: ComparisonTableProps) {
  const { t, duration, language } = useAnalysisText()
  const changeText = useChangeText()
  const value = (kind: FigureKind, figure: number | undefined): string => {
    if (figure === undefined) return missing
    if (kind === 'duration') return duration(figure)
    return kind === 'share' ? formatPercent(figure, language) : formatTenths(figure, language)
  }
  return (
    <ScrollArea label={title} className={styles['scroll']}>
      <table className={`${styles['table']} ${own['comparisons']}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`compare.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, kind, comparison, visits }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{value(kind, comparison?.before)}</td>
              <td>{value(kind, comparison?.after)}</td>
              <td data-few={comparison?.change === undefined || undefined}>
                {comparison === undefined ? missing : changeText(comparison, kind)}
                {comparison?.change && <Interval change={comparison.change} />}
              </td>
              <td>
                {comparison === undefined ? (
                  missing
                ) : (
                  <>
                    <Count name={name} number={comparison.countBefore} visits={visits?.('before')} /> /{' '}
                    <Count name={name} number={comparison.countAfter} visits={visits?.('after')} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

interface CountProps {
  readonly name: string
  readonly number: number
  readonly visits: VisitsSearch | undefined
}

function Count({ name, number, visits }: CountProps) {
  const { t, count } = useAnalysisText()
  const value = count(number)
  if (visits === undefined || number === 0) return value
  return (
    <VisitsLink visits={visits} label={t('analysis.list.show', { count: number, value, name })}>
      {value}
    </VisitsLink>
  )
}

/** The change as a point with its interval; the centre means no change. The sentence beside it says the same. */
function Interval({ change: { value, low, high } }: { readonly change: NonNullable<Comparison['change']> }) {
  const place = (ratio: number): number => 0.5 + Math.max(-0.5, Math.min(0.5, ratio / (2 * widest)))
  const style = { '--low': place(low), '--high': place(high), '--value': place(value) } as CSSProperties
  return (
    <span className={own['interval']} style={style} aria-hidden data-clear={low > 0 || high < 0 || undefined}>
      <span className={own['zero']} />
      <span className={own['range']} />
      <span className={own['point']} />
    </span>
  )
}
