import type { PeopleList } from '@stagewatch/shared/contract/people.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import { TranslationsContext } from '../../api/translations.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { peopleQuery } from './api.ts'
import { InvitationList, InviteForm } from './invitations.tsx'
import { PeopleTable } from './people-table.tsx'

export function PeoplePage() {
  const { t } = useText()
  return (
    <Page title={t('nav.people')} needs="people.read">
      <People />
    </Page>
  )
}

function People() {
  const { site, actions } = useMe()
  const query = useQuery(peopleQuery(site))
  const mayManage = actions.includes('people.manage')
  return (
    <QueryBoundary query={query}>
      {(list) => (
        <TranslationsContext value={list.translations}>
          <div className={clsx(layout['columns'], layout['withSide'])}>
            <div className={layout['stack']}>
              <PeopleTable
                people={list.people}
                departments={knownDepartments(list)}
                asOf={serverTime(query.dataUpdatedAt)}
              />
              <InvitationList invitations={list.invitations} asOf={serverTime(query.dataUpdatedAt)} />
            </div>
            {mayManage && <InviteForm departments={knownDepartments(list)} />}
          </div>
        </TranslationsContext>
      )}
    </QueryBoundary>
  )
}

/** Departments in which somebody already has a role, as suggestions. */
export function knownDepartments({ people, invitations }: PeopleList): string[] {
  const names = [...people, ...invitations].flatMap(({ departments }) => departments ?? [])
  return [...new Set(names)].toSorted((a, b) => a.localeCompare(b))
}
