import type { TimeDimension, TimeRow } from '@stagewatch/shared/contract/analysis.ts'
import { useAnalysisText } from '../use-analysis-text.ts'

/** Returns the name of a row of a dimension, as people read it. */
export function useRowName(dimension: TimeDimension): (row: Pick<TimeRow, 'key' | 'name'>) => string {
  const { t, nameOf, weekday } = useAnalysisText()
  return ({ key, name }) => {
    if (dimension === 'stage') return nameOf(name)
    if (key === 'earlier') return t('analysis.time.earlier')
    if (dimension === 'weekday') return weekday(Number(key), 'long')
    if (dimension === 'hourOfDay') return `${key.padStart(2, '0')}:00`
    return key === '' ? t('filters.unnamed') : nameOf(name)
  }
}
