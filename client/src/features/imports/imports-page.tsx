import { Button, TextInput } from '@mantine/core'
import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import button from '../../components/button.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import { SegmentedField } from '../../components/form/segmented-field.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { importsQuery, isActive, uploadsQuery, type ImportsSearch } from './api.ts'
import { ImportTable } from './import-table.tsx'
import styles from './run/run.module.css'
import { OpenUploads } from './sending/open-uploads.tsx'

/** Imports of files, from this page and from the command line. */
export function ImportsPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.imports')} needs="imports.manage">
      <Imports />
    </Page>
  )
}

function Imports() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(importsQuery(site))
  const uploads = useQuery(uploadsQuery(site)).data?.uploads ?? []
  const search = useSearch({ from: '/shell/imports' })
  return (
    <div className={layout['stack']}>
      <QueryBoundary query={query}>
        {({ imports }) =>
          imports.length === 0 ? (
            <EmptyState title={t('imports.none')}>
              <p>{t('imports.noneText')}</p>
              <Link className={button['link']} to="/imports/new">
                {t('imports.new')}
              </Link>
            </EmptyState>
          ) : (
            <>
              <Filters {...search} />
              <Shown imports={imports.filter((each) => isShown(each, search))} asOf={serverTime(query.dataUpdatedAt)} />
            </>
          )
        }
      </QueryBoundary>
      <OpenUploads uploads={uploads} />
    </div>
  )
}

function isShown(shown: ImportView, { state, q }: ImportsSearch): boolean {
  const isUndone = shown.state === 'undone'
  const isInState =
    state === undefined ||
    (state === 'active' && isActive(shown)) ||
    (state === 'finished' && !isActive(shown) && !isUndone) ||
    (state === 'undone' && isUndone)
  const text = `${shown.file} ${shown.actor}`.toLowerCase()
  return isInState && (q === undefined || text.includes(q.toLowerCase()))
}

function Filters({ state, q }: ImportsSearch) {
  const { t } = useText()
  const navigate = useNavigate({ from: '/imports' })
  const change = (part: ImportsSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  return (
    <div className={styles['filters']}>
      <TextInput
        label={t('imports.list.search')}
        value={q ?? ''}
        maxLength={100}
        autoComplete="off"
        onChange={({ currentTarget: { value } }) => change({ q: value === '' ? undefined : value })}
      />
      <SegmentedField
        label={t('imports.list.filter')}
        value={state ?? 'any'}
        options={{
          any: t('imports.list.any'),
          active: t('imports.list.active'),
          finished: t('imports.list.finished'),
          undone: t('imports.list.undone'),
        }}
        onChange={(next) => change({ state: next === 'any' ? undefined : next })}
      />
      <Link className={button['link']} to="/imports/new">
        {t('imports.new')}
      </Link>
    </div>
  )
}

function Shown({ imports, asOf }: { readonly imports: readonly ImportView[]; readonly asOf: number }) {
  const { t } = useText()
  const navigate = useNavigate({ from: '/imports' })
  if (imports.length > 0) return <ImportTable imports={imports} asOf={asOf} />
  return (
    <EmptyState title={t('imports.noneMatch')}>
      <Button
        variant="default"
        onClick={() => void navigate({ search: (before) => ({ ...before, state: undefined, q: undefined }) })}
      >
        {t('imports.clearFilters')}
      </Button>
    </EmptyState>
  )
}
