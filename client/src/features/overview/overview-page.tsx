import { ordersOfTree, type LiveOrders } from '@stagewatch/shared/contract/live-query.ts'
import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { boardQuery } from '../../api/site-queries.ts'
import { apiSearch, parseSearch, stringifySearch } from '../../api/search-params.ts'
import { TranslationsContext } from '../../api/translations.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { useIsLive, useLiveQuery, useLiveUpdates } from '../../api/use-live-query.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { FilterBar } from '../../components/filters/filter-bar.tsx'
import { filtersOf, periodOf } from '../../components/filters/filter-search.ts'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { SavedViews } from '../../components/saved-views.tsx'
import { ownTimeZone, addDays, dateIn } from '../../format/time-zone.ts'
import { heatmapQuery, longestOverdueSearch, ordersQuery, overviewQuery } from './api.ts'
import { FirstRun } from './first-run.tsx'
import { HeatMap } from './heat-map.tsx'
import { KpiCards } from './kpi-cards.tsx'
import { LatenessBars } from './lateness-bars.tsx'
import { LiveTools } from './live-tools.tsx'
import { LongestOverdue } from './longest-overdue.tsx'
import { NeedsAction } from './needs-action.tsx'
import styles from './overview-page.module.css'
import { columnsOf, overviewPresets, overviewSearch, type OverviewSearch } from './search.ts'
import { Trend } from './trend.tsx'
import { useOverviewText } from './use-overview-text.ts'

/** What is stuck, since when, and who owns it. */
export function OverviewPage() {
  const { t } = useOverviewText()
  const { site, privacy, actions } = useMe()
  const search: OverviewSearch = useSearch({ from: '/shell/overview' })
  const navigate = useNavigate({ from: '/overview' })
  const board = useQuery({ ...boardQuery(site), enabled: actions.includes('numbers.read') })
  const timeZone = board.data?.site.timeZone ?? ownTimeZone()
  const now = serverTime(Math.max(board.dataUpdatedAt, board.errorUpdatedAt))
  const today = dateIn(now, timeZone)
  const showsCustomers = privacy.customers !== 'masked'
  const { data: shiftBeganAt } = useQuery({
    ...overviewQuery(site, questionOf(search, now, timeZone)),
    enabled: board.data !== undefined,
    select: (answer) => answer.shiftBeganAt ?? null,
  })
  const change = useCallback(
    (changed: Partial<OverviewSearch>): void =>
      void navigate({
        search: (previous) => ({ ...previous, ...changed }),
        // Choosing a cell adds no entry to the browser history.
        replace: Object.keys(changed).join() === 'cell',
        resetScroll: false,
      }),
    [navigate],
  )
  // Controls update at once; the figures and charts follow after that has been painted.
  const shown = useDeferredValue(search)
  const openView = (view: string): void =>
    void navigate({ search: ({ site: chosen }) => ({ ...overviewSearch.parse(parseSearch(view)), site: chosen }) })
  return (
    <Page
      title={t('nav.overview')}
      needs="numbers.read"
      tools={
        <FilterBar
          search={search}
          presets={overviewPresets}
          shown={{ from: search.from ?? addDays(today, -6), to: search.to ?? today }}
          today={today}
          shiftBeganAt={shiftBeganAt}
          timeZone={timeZone}
          showsCustomers={showsCustomers}
          // The chosen cell is only valid for the current period and filters.
          onChange={(changed) => change({ ...changed, cell: undefined })}
        />
      }
      status={
        <>
          <SavedViews
            page="overview"
            search={stringifySearch({ ...search, cell: undefined, site: undefined }).slice(1)}
            onOpen={openView}
          />
          <LiveTools />
        </>
      }
    >
      {/* Dates are those of the site, so nothing can be shown before its time zone is known. */}
      {board.data === undefined ? (
        <QueryBoundary query={board}>{() => null}</QueryBoundary>
      ) : (
        <Overview search={shown} now={now} timeZone={timeZone} showsCustomers={showsCustomers} onChange={change} />
      )}
    </Page>
  )
}

interface OverviewProps {
  readonly search: OverviewSearch
  /** Epoch ms by the server's clock; updated at least every minute. */
  readonly now: number
  readonly timeZone: string
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<OverviewSearch>) => void
}

/** First parts of the keys of queries whose data does not change while the user has paused updates. */
const pausedKinds: ReadonlySet<unknown> = new Set(['overview', 'overview-heatmap', 'overview-orders'])
/** Refetch interval while there are no live updates. */
const pollEveryMs = 15_000
/** Refetch interval of data without live updates. */
const refetchAfterMs = 30_000

const Overview = memo(function Overview({ search, now, timeZone, showsCustomers, onChange }: OverviewProps) {
  const { t } = useOverviewText()
  const { site } = useMe()
  const { isPaused } = useLiveUpdates()
  const isLive = useIsLive()
  const refetchInterval: number | false = isPaused || isLive ? false : pollEveryMs
  const filters = useMemo(() => filtersOf(search), [search])
  const isFiltered = Object.values(filters).some((chosen) => chosen !== undefined)
  const period = periodOf(search, now, timeZone)
  const question = questionOf(search, now, timeZone)
  const overviewOptions = overviewQuery(site, question)
  const overview = useQuery({ ...overviewOptions, refetchInterval })
  useLiveQuery({
    queryKey: overviewOptions.queryKey,
    message: { kind: 'overview', search: question },
    toData: (tree) => tree as OverviewAnswer,
  })
  const listed = longestOverdueSearch(filters)
  const orderOptions = ordersQuery(site, listed)
  const orders = useQuery({ ...orderOptions, refetchInterval })
  useLiveQuery({
    queryKey: orderOptions.queryKey,
    message: { kind: 'orders', search: listed },
    toData: (tree) => ordersOfTree(tree as LiveOrders),
  })
  const { metric, rows: rowKind = 'stage' } = search
  const columnKind = columnsOf(search)
  const heatPeriod = columnKind === 'hour' && period.since === undefined ? lastHours(period) : period
  const heat = useQuery(heatmapQuery(site, { rowKind, columnKind }, { ...heatPeriod, ...filters, metric }))
  const board = useQuery(boardQuery(site))
  useRefetchOnChange(overview.data?.asOf, heat.refetch, refetchAfterMs, isPaused)
  const queries = useQueryClient()
  useEffect(() => {
    if (!isPaused) return
    // What is on its way would still change the page. What the user has asked for is not shown yet, and may come.
    void queries.cancelQueries({
      predicate: ({ queryKey: [kind], state }) => pausedKinds.has(kind) && state.data !== undefined,
    })
  }, [isPaused, queries])
  return (
    <QueryBoundary query={overview}>
      {(answer) => {
        const isEmpty =
          answer.open.count === 0 && answer.days.every(({ arrived, departed }) => arrived + departed === 0)
        if (isEmpty && !isFiltered && board.data?.lastMovedOn === undefined && board.isSuccess) return <FirstRun />
        return (
          <div className={styles['page']}>
            {isEmpty && (
              <EmptyState title={t(isFiltered ? 'overview.noneMatch' : 'overview.empty')}>
                <p>{t(isFiltered ? 'overview.noneMatchText' : 'overview.emptyText')}</p>
              </EmptyState>
            )}
            <KpiCards overview={answer} filters={filters} soonCeiling={board.data?.kpis.atRisk.soonCeiling} />
            <div className={styles['wide']}>
              <QueryBoundary query={heat}>
                {(heatmap) => (
                  <HeatMap
                    heatmap={heatmap}
                    board={board.data}
                    timeZone={timeZone}
                    filters={filters}
                    chosen={search.cell}
                    showsCustomers={showsCustomers}
                    onChange={onChange}
                  />
                )}
              </QueryBoundary>
            </div>
            <div className={styles['side']}>
              <NeedsAction overview={answer} board={board.data} filters={filters} />
              <TranslationsContext value={answer.translations}>
                <LatenessBars lateness={answer.lateness} filters={filters} />
              </TranslationsContext>
            </div>
            <div className={styles['trend']}>
              <Trend overview={answer} timeZone={timeZone} />
            </div>
            <div className={styles['list']}>
              <QueryBoundary query={orders}>
                {(list) => <LongestOverdue answer={list} filters={filters} />}
              </QueryBoundary>
            </div>
          </div>
        )
      }}
    </QueryBoundary>
  )
})

function questionOf(search: OverviewSearch, now: number, timeZone: string): string {
  return apiSearch({ ...periodOf(search, now, timeZone), ...filtersOf(search) })
}

const hourMs = 3_600_000
const shownHours = 24

/** Limits the hours of a long period to the last ones, because all of them would be too many columns. */
function lastHours({ from, to }: ReturnType<typeof periodOf>): ReturnType<typeof periodOf> {
  if (to === undefined) return {}
  const begin = Date.parse(to) - shownHours * hourMs
  return { from: new Date(Math.max(begin, from === undefined ? begin : Date.parse(from))).toISOString(), to }
}

/** Calls `refetch` after `changed` has changed, at most once every `everyMs`. */
function useRefetchOnChange(
  changed: unknown,
  refetch: () => Promise<unknown>,
  everyMs: number,
  isPaused: boolean,
): void {
  const last = useRef({ changed, at: Number.NEGATIVE_INFINITY })
  useEffect(() => {
    if (isPaused || changed === last.current.changed) return undefined
    const waitMs = Math.max(0, last.current.at + everyMs - performance.now())
    const timer = setTimeout(() => {
      last.current = { changed, at: performance.now() }
      void refetch()
    }, waitMs)
    return () => clearTimeout(timer)
  }, [changed, refetch, everyMs, isPaused])
}
