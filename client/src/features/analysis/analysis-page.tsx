import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { boardQuery } from '../../api/site-queries.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { FilterBar } from '../../components/filters/filter-bar.tsx'
import {
  filterSearch,
  filtersOf,
  firstDayOf,
  isFiltered,
  periodOf,
  type FilterSearch,
} from '../../components/filters/filter-search.ts'
import { Page } from '../../components/layout/page.tsx'
import { Skeleton } from '../../components/query-boundary.tsx'
import { dateIn, ownTimeZone } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import { AnalysisContext, analysisPresets } from './analysis-scope.ts'
import styles from '../../components/tabs.module.css'
import type { Texts } from '../../locales/texts.ts'

interface AnalysisTab {
  readonly path: string
  readonly text: `analysis.tab.${Extract<keyof Texts['analysis']['tab'], string>}`
}

/** The tabs of the page, each with its own path. */
const analysisTabs = [
  { path: '/analysis', text: 'analysis.tab.time' },
  { path: '/analysis/flow', text: 'analysis.tab.flow' },
  { path: '/analysis/paths', text: 'analysis.tab.paths' },
  { path: '/analysis/outliers', text: 'analysis.tab.outliers' },
  { path: '/analysis/compare', text: 'analysis.tab.compare' },
  { path: '/analysis/approvals', text: 'analysis.tab.approvals' },
  { path: '/analysis/lag', text: 'analysis.tab.lag' },
] as const satisfies readonly AnalysisTab[]

/** Where the time goes and why: one tab per question, all with the same period and filters. */
export function AnalysisPage() {
  const { t } = useText()
  const { site, privacy, actions } = useMe()
  const search: FilterSearch = useSearch({ from: '/shell/analysis' })
  const navigate = useNavigate({ from: '/analysis' })
  const board = useQuery({ ...boardQuery(site), enabled: actions.includes('numbers.read') })
  const timeZone = board.data?.site.timeZone ?? ownTimeZone()
  const now = serverTime(Math.max(board.dataUpdatedAt, board.errorUpdatedAt))
  const today = dateIn(now, timeZone)
  const showsCustomers = privacy.customers !== 'masked'
  const onChange = useCallback(
    (changed: Partial<FilterSearch>): void =>
      void navigate({ to: '.', search: (previous) => ({ ...previous, ...changed }), resetScroll: false }),
    [navigate],
  )
  const scope = useMemo(() => {
    const [filters, period] = [filtersOf(search), periodOf(search, now, timeZone)]
    const question = { ...period, ...filters }
    const days = { from: firstDayOf(search, today), to: search.to ?? today }
    return { filters, period, question, isFiltered: isFiltered(search), timeZone, days, now, showsCustomers, onChange }
  }, [search, now, today, timeZone, showsCustomers, onChange])
  return (
    <Page
      title={t('nav.analysis')}
      needs="numbers.read"
      tools={
        <FilterBar
          search={search}
          presets={analysisPresets}
          shown={scope.days}
          today={today}
          shiftBeganAt={undefined}
          timeZone={timeZone}
          showsCustomers={showsCustomers}
          onChange={onChange}
        />
      }
    >
      <nav className={styles['tabs']} aria-label={t('analysis.tabs')}>
        {analysisTabs.map(({ path, text }) => (
          <Link
            key={path}
            to={path}
            search={(previous) => filterSearch.parse(previous)}
            className={styles['tab']}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {t(text)}
          </Link>
        ))}
      </nav>
      {/* Dates are those of the site, so nothing can be shown before its time zone is known. */}
      {board.isPending ? (
        <Skeleton />
      ) : (
        <AnalysisContext value={scope}>
          <Outlet />
        </AnalysisContext>
      )}
    </Page>
  )
}
