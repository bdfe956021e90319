import { Button } from '@mantine/core'
import { handoversKeptDays, type HandoverSummary } from '@stagewatch/shared/contract/handover.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { handoversQuery } from '../../api/handovers.ts'
import { useMe } from '../../api/session.ts'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'
import card from '../../components/card.module.css'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './handover.module.css'
import { useShiftText } from './use-shift-text.ts'

interface PastHandoversProps {
  /** Undefined: all departments that the reader may see. */
  readonly department: string | undefined
  readonly state: 'all' | 'waiting'
}

/** Stored handovers, newest first. */
export function PastHandovers({ department, state }: PastHandoversProps) {
  const { t, language, nameOf } = useText()
  const { site } = useMe()
  const shiftText = useShiftText()
  const query = useInfiniteQuery(handoversQuery(site, { department, state }))
  const count = (value: number) => formatCount(value, language)
  const isWaiting = state === 'waiting'
  const columns: readonly Column<HandoverSummary>[] = [
    {
      title: t('handover.column.shift'),
      kind: 'name',
      renderCell: ({ id, shift, departmentName }) => (
        <>
          <Link to="/handover/$id" params={{ id: String(id) }}>
            {shiftText(shift)}
          </Link>
          {department === undefined && <div className={layout['meta']}>{nameOf(departmentName)}</div>}
        </>
      ),
    },
    {
      title: t('handover.column.turnedOverdue'),
      renderCell: ({ turnedOverdueCount, resolvedCount }) =>
        t('handover.resolvedOf', { resolved: count(resolvedCount), total: count(turnedOverdueCount) }),
    },
    { title: t('handover.column.stuck'), renderCell: ({ stuckCount }) => count(stuckCount) },
    { title: t('handover.column.promised'), renderCell: ({ promisedCount }) => count(promisedCount) },
    { title: t('handover.column.notes'), renderCell: ({ noteCount }) => count(noteCount) },
    { title: t('handover.column.state'), renderCell: (handover) => <ConfirmationState handover={handover} /> },
  ]
  return (
    <QueryBoundary query={query}>
      {({ pages }) => {
        const handovers = pages.flatMap((page) => page.handovers)
        if (handovers.length === 0) {
          return isWaiting ? undefined : (
            <EmptyState title={t('handover.pastNone')}>
              <p>{t('handover.pastNoneText')}</p>
            </EmptyState>
          )
        }
        return (
          <TranslationsContext value={Object.assign({}, ...pages.map(({ translations }) => translations))}>
            <DataTable
              title={t(isWaiting ? 'handover.waitingOnes' : 'handover.past')}
              note={isWaiting ? count(pages[0]?.waitingCount ?? 0) : t('handover.kept', { count: handoversKeptDays })}
              columns={columns}
              rows={handovers}
              rowKey={({ id }) => String(id)}
              footer={
                query.hasNextPage && (
                  <Button
                    variant="default"
                    className={card['more']}
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('handover.loadMore')}
                  </Button>
                )
              }
            />
          </TranslationsContext>
        )
      }}
    </QueryBoundary>
  )
}

type Confirmation = Pick<HandoverSummary, 'confirmedAt' | 'confirmedBy' | 'isOverdue'>

/** Whether a handover has been confirmed, and by whom. */
export function ConfirmationState({ handover }: { readonly handover: Confirmation }) {
  const { t } = useText()
  const translated = useTranslated()
  const { confirmedAt, confirmedBy, isOverdue } = handover
  if (confirmedAt === undefined) {
    if (!isOverdue) return <span>{t('handover.state.waiting')}</span>
    return (
      <span className={styles['state']}>
        <StatusGlyph state="overdue" /> {t('handover.state.overdue')}
      </span>
    )
  }
  return (
    <span>
      {confirmedBy === undefined
        ? t('handover.state.confirmed')
        : t('handover.state.confirmedBy', { name: translated(confirmedBy) })}
    </span>
  )
}
