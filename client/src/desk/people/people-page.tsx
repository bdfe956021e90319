import { useQuery } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { peopleQuery } from '../api/people.ts'
import { Loaded } from '../parts/loaded.tsx'
import { useMe } from '../shell/me-context.ts'
import { Page } from '../shell/page.tsx'
import { InvitationList } from './invitation-list.tsx'
import { InviteForm } from './invite-form.tsx'
import { knownDepartments } from './known-departments.ts'
import { PeopleTable } from './people-table.tsx'

export function PeoplePage() {
  const { t } = useText()
  return (
    <Page title={t('desk.nav.people')} needs="people.read">
      <People />
    </Page>
  )
}

function People() {
  const { site, actions } = useMe()
  const query = useQuery(peopleQuery(site))
  const mayManage = actions.includes('people.manage')
  return (
    <Loaded query={query}>
      {(list) => (
        <div className="columns columns--side">
          <div className="stack">
            <PeopleTable people={list.people} departments={knownDepartments(list)} asOf={query.dataUpdatedAt} />
            <InvitationList invitations={list.invitations} asOf={query.dataUpdatedAt} />
          </div>
          {mayManage && <InviteForm departments={knownDepartments(list)} />}
        </div>
      )}
    </Loaded>
  )
}
