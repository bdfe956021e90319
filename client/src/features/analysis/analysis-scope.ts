import { createContext, useContext } from 'react'
import {
  presets,
  type Filters,
  type FilterSearch,
  type Period,
  type Preset,
} from '../../components/filters/filter-search.ts'

/** What the time of an analysis can be set to: a shift is too short for one. */
export const analysisPresets: readonly Preset[] = presets.filter(
  (preset) => preset !== 'shift' && preset !== 'yesterday',
)

/** Which days and which orders every tab of the page is about. */
export interface AnalysisScope {
  readonly filters: Filters
  readonly period: Period
  /** Both, as parameters of a question to the server. */
  readonly question: Readonly<Record<string, unknown>>
  readonly isFiltered: boolean
  /** Of the site: its days and hours are those of this zone. */
  readonly timeZone: string
  /** First and last day, with it, as dates of the site. */
  readonly days: { readonly from: string; readonly to: string }
  /** Epoch ms by the server's clock; moves on at least every minute. */
  readonly now: number
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<FilterSearch>) => void
}

export const AnalysisContext = createContext<AnalysisScope | undefined>(undefined)

/** @throws outside of the page. */
export function useAnalysisScope(): AnalysisScope {
  const scope = useContext(AnalysisContext)
  if (scope === undefined) throw new Error('a tab of the analysis stands outside of its page')
  return scope
}
