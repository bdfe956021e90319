import { useQuery } from '@tanstack/react-query'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { DataTable } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText } from '../../format/instant-text.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { erasuresQuery } from './api.ts'

/** The removals so far; nothing if there are none. */
export function ErasureTable() {
  const { t, language } = useText()
  const query = useQuery(erasuresQuery(useMe().site))
  const asOf = serverTime(query.dataUpdatedAt)
  return (
    <QueryBoundary query={query}>
      {({ erasures }) =>
        erasures.length > 0 && (
          <DataTable
            title={t('erasure.past')}
            rows={erasures}
            rowKey={({ id }) => id}
            columns={[
              {
                title: t('erasure.pseudonym'),
                kind: 'name',
                renderCell: ({ pseudonym, kind }) => (
                  <>
                    <strong>{pseudonym}</strong>
                    <div className={layout['meta']}>{t(`erasure.kinds.${kind}`)}</div>
                  </>
                ),
              },
              {
                title: t('erasure.reason'),
                renderCell: ({ reason, actor }) => (
                  <>
                    {reason}
                    <div className={layout['meta']}>{actor}</div>
                  </>
                ),
              },
              {
                title: t('erasure.when'),
                kind: 'time',
                renderCell: ({ requestedAt }) => instantText(requestedAt, asOf, language),
              },
              {
                title: t('erasure.state'),
                renderCell: ({ doneAt, events, rows }) => (
                  <>
                    {doneAt === undefined
                      ? t('erasure.running')
                      : t('erasure.done', { time: instantText(doneAt, asOf, language) })}
                    <div className={layout['meta']}>
                      {t('erasure.counts', {
                        events: t('erasure.events', { count: events, shown: formatCount(events, language) }),
                        rows: t('erasure.rows', { count: rows, shown: formatCount(rows, language) }),
                      })}
                    </div>
                  </>
                ),
              },
            ]}
          />
        )
      }
    </QueryBoundary>
  )
}
