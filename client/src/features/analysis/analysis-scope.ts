import { createContext, useContext } from 'react'
import {
  presets,
  type Filters,
  type FilterSearch,
  type Period,
  type Preset,
} from '../../components/filters/filter-search.ts'

/** Periods of the analysis. A shift is too short. */
export const analysisPresets: readonly Preset[] = presets.filter(
  (preset) => preset !== 'shift' && preset !== 'yesterday',
)

/** Period and filters that all tabs of the page share. */
export interface AnalysisScope {
  readonly filters: Filters
  readonly period: Period
  /** Both as request parameters. */
  readonly question: Readonly<Record<string, unknown>>
  readonly isFiltered: boolean
  /** The site's time zone, which determines its days and hours. */
  readonly timeZone: string
  /** First and last day (inclusive), as dates of the site. */
  readonly days: { readonly from: string; readonly to: string }
  /** Epoch ms by the server's clock; updated at least every minute. */
  readonly now: number
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<FilterSearch>) => void
}

export const AnalysisContext = createContext<AnalysisScope | undefined>(undefined)

/** @throws outside the analysis page. */
export function useAnalysisScope(): AnalysisScope {
  const scope = useContext(AnalysisContext)
  if (scope === undefined) throw new Error('a tab of the analysis stands outside of its page')
  return scope
}
