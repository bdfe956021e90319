import type { PeopleList } from '@stagewatch/shared/contract/people.ts'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { useMe } from '../shell/me-context.ts'
import { PersonEditor } from './person-editor.tsx'
import { PersonRow } from './person-row.tsx'

interface PeopleTableProps {
  readonly people: PeopleList['people']
  readonly departments: readonly string[]
  /** Epoch ms. */
  readonly asOf: number
}

export function PeopleTable({ people, departments, asOf }: PeopleTableProps) {
  const { t } = useText()
  const { actions } = useMe()
  const [edited, setEdited] = useState<string>()
  const mayManage = actions.includes('people.manage')
  return (
    <section className="card card--table">
      <h2 className="card__title">
        {t('desk.nav.people')} <span className="count">{people.length}</span>
      </h2>
      <table className="table">
        <thead>
          <tr>
            <th>{t('desk.name')}</th>
            <th>{t('desk.role.label')}</th>
            <th>{t('desk.departments.label')}</th>
            <th>{t('desk.twoFactor.title')}</th>
            <th>{t('desk.people.lastSeen')}</th>
            {mayManage && (
              <th>
                <span className="hidden-text" data-may-truncate>
                  {t('desk.actions')}
                </span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {people.map((person) =>
            person.id === edited ? (
              <PersonEditor
                key={person.id}
                person={person}
                departments={departments}
                asOf={asOf}
                onDone={() => setEdited(undefined)}
              />
            ) : (
              <PersonRow key={person.id} person={person} asOf={asOf} onEdit={() => setEdited(person.id)} />
            ),
          )}
        </tbody>
      </table>
    </section>
  )
}
