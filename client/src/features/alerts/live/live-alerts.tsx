import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { alertsQuery } from '../../../api/alerts.ts'
import { serverTime } from '../../../api/server-time.ts'
import { useMe } from '../../../api/session.ts'
import button from '../../../components/button.module.css'
import card from '../../../components/card.module.css'
import { EmptyState } from '../../../components/empty-state.tsx'
import { SegmentedField } from '../../../components/form/segmented-field.tsx'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import styles from '../alerts-page.module.css'
import type { AlertsSearch } from '../alerts-search.ts'
import { alertRulesQuery } from '../api.ts'
import { AlertDialog } from './alert-dialog.tsx'
import { AlertTable } from './alert-table.tsx'
import { TranslationsContext } from '../../../api/translations.ts'

/** The current alerts, or those that have ended. */
export function LiveAlerts() {
  const { t, language, nameOf } = useText()
  const { site, actions } = useMe()
  const search = useSearch({ from: '/shell/alerts' })
  const { state = 'open', rule, alert } = search
  const navigate = useNavigate({ from: '/alerts' })
  const change = (part: AlertsSearch): void => void navigate({ search: (before) => ({ ...before, ...part }) })
  const query = useInfiniteQuery(alertsQuery(site, { state, rule }))
  const rules = useQuery({ ...alertRulesQuery(site), enabled: actions.includes('rules.read') }).data?.rules
  return (
    <>
      <div className={styles['filters']}>
        <SegmentedField
          label={t('alerts.filter.state')}
          value={state}
          options={{ open: t('alerts.filter.open'), ended: t('alerts.filter.ended') }}
          onChange={(next) => change({ state: next === 'ended' ? next : undefined })}
        />
        {rules !== undefined && (
          <NativeSelect
            label={t('alerts.column.rule')}
            value={rule ?? ''}
            data={[
              { value: '', label: t('alerts.filter.everyRule') },
              ...rules.map(({ id, name, names }) => ({ value: id, label: nameOf(translatedName(name, names)) })),
            ]}
            onChange={({ currentTarget: { value } }) => change({ rule: value === '' ? undefined : value })}
          />
        )}
      </div>
      <QueryBoundary query={query}>
        {({ pages }) => {
          const alerts = pages.flatMap((page) => page.alerts)
          if (alerts.length === 0) return <NoAlerts search={search} hasRules={rules?.length !== 0} />
          return (
            <TranslationsContext value={Object.assign({}, ...pages.map(({ translations }) => translations))}>
              <AlertTable
                alerts={alerts}
                rules={rules ?? []}
                now={serverTime(query.dataUpdatedAt)}
                note={
                  state === 'open'
                    ? t('alerts.openCount', { value: formatCount(pages[0]?.openCount ?? 0, language) })
                    : undefined
                }
                onOpen={(id) => change({ alert: String(id) })}
              >
                {query.hasNextPage && (
                  <Button
                    variant="default"
                    className={card['more']}
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('alerts.loadMore')}
                  </Button>
                )}
              </AlertTable>
            </TranslationsContext>
          )
        }}
      </QueryBoundary>
      {alert !== undefined && /^\d{1,15}$/.test(alert) && (
        <AlertDialog key={alert} id={Number(alert)} onClose={() => change({ alert: undefined })} />
      )}
    </>
  )
}

interface NoAlertsProps {
  readonly search: AlertsSearch
  readonly hasRules: boolean
}

/** Why the list is empty: nothing is wrong, there are no rules, or the filter excludes everything. */
function NoAlerts({ search: { state, rule }, hasRules }: NoAlertsProps) {
  const { t } = useText()
  const { actions } = useMe()
  if (!hasRules) {
    return (
      <EmptyState title={t('alerts.noRules')}>
        <p>{t('alerts.noRulesText')}</p>
        {actions.includes('rules.change') && (
          <Link to="/alerts" search={({ site }) => ({ site, tab: 'rules' as const })} className={button['link']}>
            {t('alerts.toRules')}
          </Link>
        )}
      </EmptyState>
    )
  }
  return (
    <EmptyState title={t(state === 'ended' ? 'alerts.noneEnded' : 'alerts.none')}>
      {rule === undefined ? (
        <p>{t(state === 'ended' ? 'alerts.noneEndedText' : 'alerts.noneText')}</p>
      ) : (
        <Link to="/alerts" search={({ site }) => ({ site, state })}>
          {t('alerts.clearFilter')}
        </Link>
      )}
    </EmptyState>
  )
}
