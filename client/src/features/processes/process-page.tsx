import { rolesFor } from '@stagewatch/shared/domain/access/action.ts'
import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ProcessDraft } from '@stagewatch/shared/contract/process-draft.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { processesQuery } from '../../api/site-queries.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { draftQuery, refetchEveryMs } from './api.ts'
import { ProcessEditor, ProcessReader } from './process-editor.tsx'

/** One process, read-only or editable depending on the user's rights. */
export function ProcessPage() {
  const { t } = useText()
  const { site, actions } = useMe()
  const { process: code } = useParams({ from: '/shell/processes/$process' })
  const query = useQuery({ ...processesQuery(site), refetchInterval: refetchEveryMs })
  const found = query.data === undefined ? undefined : processOf(query.data, code, serverTime(query.dataUpdatedAt))
  if (found === undefined || !actions.includes('rules.read')) {
    return (
      <Page title={t('nav.processes')} needs="rules.read">
        <QueryBoundary query={query}>
          {() => (
            <EmptyState title={t('processes.notFound')}>
              <Link to="/processes">{t('processes.all')}</Link>
            </EmptyState>
          )}
        </QueryBoundary>
      </Page>
    )
  }
  return actions.includes('rules.change') ? (
    <DraftLoader key={`${site} ${code}`} {...found} />
  ) : (
    <ProcessReader {...found}>
      <p className={layout['meta']}>
        {t('processes.readOnly', {
          roles: rolesFor('rules.change')
            .map((role) => t(`role.${role}`))
            .join(t('listComma')),
        })}
      </p>
    </ProcessReader>
  )
}

interface LiveProcess {
  readonly live: ProcessDefinition
  readonly versions: ProcessList['histories'][number]['versions']
  /** Version of the whole history. Null: there is only a draft. */
  readonly liveVersion: string | null
  /** Whether the site has other processes. */
  readonly hasOthers: boolean
  /** When the process was loaded, epoch ms by the server's clock. */
  readonly asOf: number
}

function DraftLoader(process: LiveProcess) {
  const { nameOf } = useText()
  const { site } = useMe()
  const query = useQuery(draftQuery(site, process.live.code))
  if (query.data === undefined) {
    return (
      <Page title={nameOf(process.live.name)} needs="rules.change">
        <QueryBoundary query={query}>{() => null}</QueryBoundary>
      </Page>
    )
  }
  const draft: ProcessDraft | null = query.data.draft
  return <ProcessEditor {...process} draft={draft} />
}

function processOf({ processes, histories, drafts }: ProcessList, code: string, asOf: number): LiveProcess | undefined {
  const live = processes.find((process) => process.code === code)
  const history = histories.find(({ process }) => process === code)
  const hasOthers = processes.some((process) => process.code !== code)
  if (live !== undefined && history !== undefined)
    return { live, versions: history.versions, liveVersion: history.version, hasOthers, asOf }
  const draft = drafts?.find(({ process }) => process === code)
  if (draft === undefined) return undefined
  const nothing = { code, name: draft.name, stages: [], acceptsNewStages: true, goals: {} }
  return { live: nothing, versions: [], liveVersion: null, hasOthers, asOf }
}
