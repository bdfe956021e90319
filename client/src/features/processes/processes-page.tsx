import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useNavigate } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import { processesQuery } from '../../api/site-queries.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import styles from './process-page.module.css'
import { TemplatePicker } from './templates/template-picker.tsx'

/** The processes of the site; a single process is opened directly. */
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
  const { site, actions } = useMe()
  const navigate = useNavigate()
  const query = useQuery(processesQuery(site))
  return (
    <QueryBoundary query={query}>
      {(list) => {
        const [only, second] = named(list)
        if (only === undefined) {
          return (
            <div className={layout['stack']}>
              <EmptyState title={t('processes.noneYet.title')}>
                <p>{t('processes.noneYet.text')}</p>
                <Link to="/imports">{t('nav.imports')}</Link>
              </EmptyState>
              {actions.includes('rules.change') && (
                <section className={card['card']}>
                  <h2 className={card['title']}>{t('processes.template.title')}</h2>
                  <TemplatePicker
                    onUsed={(process) => void navigate({ to: '/processes/$process', params: { process } })}
                  />
                </section>
              )}
            </div>
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

interface NamedProcess {
  readonly code: string
  readonly name: LocalText
  /** Empty: there is only a draft. */
  readonly stages: ProcessDefinition['stages']
}

/** All processes, including those that exist only as drafts. */
function named({ processes, drafts }: ProcessList): NamedProcess[] {
  const onlyDrafts = (drafts ?? []).filter((draft) => processes.every(({ code }) => code !== draft.process))
  return [...processes, ...onlyDrafts.map(({ process: code, name }) => ({ code, name, stages: [] }))]
}

function ProcessCards({ list }: { readonly list: ProcessList }) {
  const { t, nameOf } = useText()
  const { defaultProcess } = list
  return (
    <ul className={layout['stack']}>
      {named(list).map(({ code, name, stages }) => (
        <li key={code}>
          <Link to="/processes/$process" params={{ process: code }} className={clsx(card['card'], styles['process'])}>
            <span>
              <strong>{nameOf(name)}</strong>{' '}
              {code === defaultProcess && <span className={layout['meta']}>{t('processes.usual')}</span>}
              <span className={styles['stages']}>
                {stages.length === 0 ? t('processes.onlyDraft') : stages.map((stage) => nameOf(stage.name)).join(' → ')}
              </span>
            </span>
            <ChevronRight size={18} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  )
}
