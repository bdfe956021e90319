import { Button } from '@mantine/core'
import type { PeopleList } from '@stagewatch/shared/contract/people.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import { useTranslated } from '../../api/translations.ts'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { useAgo } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useRemovePerson } from './api.ts'
import { PersonEditor } from './person-editor.tsx'

type Person = PeopleList['people'][number]

interface PeopleTableProps {
  readonly people: readonly Person[]
  /** Departments that already exist elsewhere. */
  readonly departments: readonly string[]
  /** Epoch ms. */
  readonly asOf: number
}

export function PeopleTable({ people, departments, asOf }: PeopleTableProps) {
  const { t } = useText()
  const ago = useAgo()
  const departmentNames = useDepartmentNames()
  const translated = useTranslated()
  const { email: ownEmail, actions } = useMe()
  const [edited, setEdited] = useState<string>()
  const remove = useRemovePerson()
  const columns: readonly Column<Person>[] = [
    {
      title: t('desk.name'),
      kind: 'name',
      renderCell: ({ id, name, email, disabledAt }) => (
        <>
          <strong>{translated(name)}</strong>{' '}
          {email === ownEmail && <span className={note['badge']}>{t('people.you')}</span>}
          {disabledAt !== undefined && <span className={note['badge']}>{t('people.disabled')}</span>}
          <div className={clsx(layout['meta'], layout['break'])}>{email}</div>
          {remove.variables === id && <ErrorAlert error={remove.error} />}
        </>
      ),
    },
    { title: t('role.label'), renderCell: ({ role }) => t(`role.${role}`) },
    {
      title: t('departments.label'),
      renderCell: (person) =>
        person.departments === undefined ? (
          <span className={layout['quiet']}>{t('departments.all')}</span>
        ) : (
          departmentNames.namesOf(person.departments)
        ),
    },
    {
      title: t('twoFactor.short'),
      renderCell: ({ twoFactor }) =>
        twoFactor ? t('desk.yes') : <span className={layout['quiet']}>{t('desk.no')}</span>,
    },
    {
      title: t('people.lastSeen'),
      kind: 'time',
      renderCell: ({ lastSeenAt }) => (lastSeenAt === undefined ? '—' : ago(lastSeenAt, asOf)),
    },
  ]
  const actionColumn: Column<Person> = {
    title: t('desk.actions'),
    kind: 'actions',
    renderCell: ({ id, name }) => (
      <>
        <Button variant="default" aria-label={`${t('desk.edit')}: ${translated(name)}`} onClick={() => setEdited(id)}>
          {t('desk.edit')}
        </Button>
        <ConfirmButton
          label={t('people.remove')}
          about={translated(name)}
          question={t('people.removeQuestion', { name: translated(name) })}
          busy={remove.isPending && remove.variables === id}
          onConfirm={() => remove.mutate(id)}
        />
      </>
    ),
  }
  return (
    <DataTable
      title={t('nav.people')}
      columns={actions.includes('people.manage') ? [...columns, actionColumn] : columns}
      rows={people}
      rowKey={({ id }) => id}
      renderEditor={(person) =>
        person.id === edited ? (
          <PersonEditor person={person} departments={departments} asOf={asOf} onDone={() => setEdited(undefined)} />
        ) : undefined
      }
    />
  )
}
