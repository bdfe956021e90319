import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { approvalsQuery } from '../../api/approvals.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { ApprovalPanel } from './approval-panel.tsx'
import { ApprovalRows } from './approval-rows.tsx'
import styles from './approvals-page.module.css'
import { TranslationsContext } from '../../api/translations.ts'

/** Approvals that wait for the user, that the user requested, and that the user decided. */
export function ApprovalsPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.approvals')} needs="orders.read" tools={<Segments />}>
      <Inbox />
    </Page>
  )
}

function Segments() {
  const { t, language } = useText()
  const { site } = useMe()
  const { segment = 'waiting' } = useSearch({ from: '/shell/approvals' })
  const navigate = useNavigate({ from: '/approvals' })
  const { data } = useQuery(approvalsQuery(site, segment))
  const counted = (text: string, count: number | undefined): string =>
    count === undefined || count === 0 ? text : `${text} ${formatCount(count, language)}`
  return (
    <SegmentedControl
      aria-label={t('approvals.segments')}
      value={segment}
      data={[
        { value: 'waiting', label: counted(t('approvals.segment.waiting'), data?.waitingCount) },
        { value: 'started', label: counted(t('approvals.segment.started'), data?.startedCount) },
        { value: 'done', label: t('approvals.segment.done') },
      ]}
      onChange={(next) =>
        void navigate({ search: ({ site: of }) => ({ site: of, segment: next === 'waiting' ? undefined : next }) })
      }
    />
  )
}

function Inbox() {
  const { t } = useText()
  const { site, actions } = useMe()
  const { segment = 'waiting', approval } = useSearch({ from: '/shell/approvals' })
  const navigate = useNavigate({ from: '/approvals' })
  const query = useQuery(approvalsQuery(site, segment))
  const approvals = query.data?.approvals ?? []
  const asked = approval !== undefined && /^\d{1,15}$/.test(approval) ? Number(approval) : undefined
  const open = (id: number | undefined): void =>
    void navigate({ search: (before) => ({ ...before, approval: id === undefined ? undefined : String(id) }) })
  // On a laptop the first approval is open by default; on a phone the list comes first.
  const selected = asked ?? (isWide() ? approvals[0]?.id : undefined)
  const step = (by: number): void => {
    const place = approvals.findIndex(({ id }) => id === selected)
    const next = approvals[place + by]
    if (next !== undefined) open(next.id)
  }
  useShortcuts([
    { keys: 'j', text: t('approvals.nextOne'), run: () => step(1) },
    { keys: 'k', text: t('approvals.previousOne'), run: () => step(-1) },
  ])
  return (
    <div className={clsx(styles['inbox'], asked !== undefined && styles['isOpen'])}>
      <div className={styles['list']}>
        <QueryBoundary query={query}>
          {() =>
            approvals.length === 0 ? (
              <EmptyState title={t(`approvals.none.${segment}`)}>
                <p>{t('approvals.noneText')}</p>
                {actions.includes('rules.change') ? (
                  <Link to="/processes">{t('approvals.setUp')}</Link>
                ) : (
                  <Link to="/orders">{t('approvals.toOrders')}</Link>
                )}
              </EmptyState>
            ) : (
              <TranslationsContext value={query.data?.translations}>
                <ApprovalRows
                  approvals={approvals}
                  selected={selected}
                  now={serverTime(query.dataUpdatedAt)}
                  onOpen={open}
                />
              </TranslationsContext>
            )
          }
        </QueryBoundary>
      </div>
      {selected !== undefined && (
        <div className={styles['panel']}>
          <ApprovalPanel key={selected} id={selected} onBack={() => open(undefined)} />
        </div>
      )}
    </div>
  )
}

function isWide(): boolean {
  return matchMedia('(min-width: 900px)').matches
}
