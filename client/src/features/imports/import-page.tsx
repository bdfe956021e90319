import { importMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportDetail } from '@stagewatch/shared/contract/imports.ts'
import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useEffect } from 'react'
import { isApiError } from '../../api/request.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import button from '../../components/button.module.css'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { importQuery, isActive } from './api.ts'
import { ReportView } from './report/report-view.tsx'
import { ImportProgress } from './run/import-progress.tsx'
import { ImportResult } from './run/import-result.tsx'
import { Steps } from './steps.tsx'

/** One import: its progress and its result. */
export function ImportPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.imports')} needs="imports.manage">
      <div className={layout['stack']}>
        <Import />
      </div>
    </Page>
  )
}

function Import() {
  const { t } = useText()
  const { id } = useParams({ from: '/shell/imports/$id' })
  const { site } = useMe()
  const isNumber = /^\d{1,15}$/.test(id)
  const query = useQuery({ ...importQuery(site, Number(id)), enabled: isNumber })
  useRefreshWhenDone(query.data)
  if (!isNumber || isApiError(query.error, 'not_found')) {
    return (
      <EmptyState title={t('desk.notFound')}>
        <Link className={button['link']} to="/imports">
          {t('imports.all')}
        </Link>
      </EmptyState>
    )
  }
  return (
    <QueryBoundary query={query}>
      {(found) => <ImportView found={found} now={serverTime(query.dataUpdatedAt)} />}
    </QueryBoundary>
  )
}

/** Refetches everything that the import has changed once it is done. */
function useRefreshWhenDone(found: ImportDetail | undefined): void {
  const { site } = useMe()
  const queries = useQueryClient()
  const state = found?.state
  useEffect(() => {
    if (state !== undefined && !isActive({ state })) void queries.invalidateQueries({ queryKey: ['processes', site] })
  }, [state, queries, site])
}

interface ImportViewProps {
  readonly found: ImportDetail
  /** Epoch ms. */
  readonly now: number
}

function ImportView({ found, now }: ImportViewProps) {
  const { t } = useText()
  const { id, report, file, hash, state } = found
  const { site } = useMe()
  useLiveQuery({
    queryKey: importQuery(site, id).queryKey,
    message: { kind: 'import', id: String(id), search: '' },
    // Server and client share the schema.
    toData: (tree) => tree as ImportDetail,
  })
  const isDone = state !== 'waiting' && state !== 'running'
  return (
    <>
      <Steps current="run" isDone={isDone}>
        <Link to="/imports">{t('imports.all')}</Link>
      </Steps>
      {isDone ? <ImportResult found={found} now={now} /> : <ImportProgress found={found} now={now} />}
      {report !== undefined && <ReportView report={report} order={orderOf(found)} file={file} hash={hash} now={now} />}
      {report === undefined && isDone && (
        <p className={clsx(card['card'], layout['meta'])}>{t('imports.run.noReport')}</p>
      )}
    </>
  )
}

/** How the file was read. Options of an older version are included as far as this version supports them. */
function orderOf({ options }: ImportDetail): ImportOrder {
  return { mapping: importMapping.safeParse(options).data ?? {}, discover: false, terminal: [] }
}
