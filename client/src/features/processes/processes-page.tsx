import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { processesQuery } from '../../api/processes.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import styles from './process-page.module.css'

/** The processes of the site; where there is one, it is shown at once. */
export function ProcessesPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.processes')} needs="rules.read">
      <Processes />
    </Page>
  )
}

function Processes() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(processesQuery(site))
  return (
    <QueryBoundary query={query}>
      {(list) => {
        const [only, second] = list.processes
        if (only === undefined) {
          return (
            <EmptyState title={t('processes.noneYet.title')}>
              <p>{t('processes.noneYet.text')}</p>
              <Link to="/imports">{t('nav.imports')}</Link>
            </EmptyState>
          )
        }
        if (second === undefined) {
          return <Navigate to="/processes/$process" params={{ process: only.code }} replace />
        }
        return <ProcessCards list={list} />
      }}
    </QueryBoundary>
  )
}

function ProcessCards({ list: { processes, defaultProcess } }: { readonly list: ProcessList }) {
  const { t, nameOf } = useText()
  return (
    <ul className={layout['stack']}>
      {processes.map(({ code, name, stages }) => (
        <li key={code}>
          <Link to="/processes/$process" params={{ process: code }} className={clsx(card['card'], styles['process'])}>
            <span>
              <strong>{nameOf(name)}</strong>{' '}
              {code === defaultProcess && <span className={layout['meta']}>{t('processes.usual')}</span>}
              <span className={styles['stages']}>{stages.map((stage) => nameOf(stage.name)).join(' → ')}</span>
            </span>
            <ChevronRight size={18} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  )
}
