import { Button } from '@mantine/core'
import type { DepartmentList, ManagedDepartment } from '@stagewatch/shared/contract/departments.ts'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { DepartmentEditor } from './department-editor.tsx'

interface DepartmentTableProps {
  readonly list: DepartmentList
  /** Epoch ms. */
  readonly asOf: number
}

/** The departments that the user manages, archived ones last. */
export function DepartmentTable({ list, asOf }: DepartmentTableProps) {
  const { t, nameOf, language } = useText()
  const { actions } = useMe()
  const [edited, setEdited] = useState<string>()
  const calendarName = (code: string): string => {
    const calendar = list.calendars.find((each) => each.code === code)
    return calendar === undefined ? code : nameOf(calendar.name)
  }
  const rows = list.departments.toSorted(
    (a, b) => Number(a.archived) - Number(b.archived) || nameOf(a.name).localeCompare(nameOf(b.name)),
  )
  const columns: readonly Column<ManagedDepartment>[] = [
    {
      title: t('desk.department'),
      kind: 'name',
      renderCell: ({ key, name, aliases, archived }) => (
        <>
          <strong className={layout['break']}>{nameOf(name)}</strong>{' '}
          {archived && <span className={note['badge']}>{t('department.archived')}</span>}
          <div className={`${layout['meta']} ${layout['break']}`}>{[key, ...aliases].join(t('listComma'))}</div>
        </>
      ),
    },
    {
      title: t('department.lead'),
      renderCell: ({ leadName, leadNames }) => (leadNames === undefined ? (leadName ?? '—') : nameOf(leadNames)),
    },
    {
      title: t('department.calendar'),
      renderCell: ({ calendar }) =>
        calendar === undefined ? (
          <span className={layout['quiet']}>{t('department.siteCalendar')}</span>
        ) : (
          calendarName(calendar)
        ),
    },
    { title: t('department.members'), renderCell: ({ members }) => formatCount(members, language) },
    { title: t('department.stages'), renderCell: ({ stages }) => formatCount(stages, language) },
    { title: t('department.openOrders'), renderCell: ({ openOrders }) => formatCount(openOrders, language) },
  ]
  const actionColumn: Column<ManagedDepartment> = {
    title: t('desk.actions'),
    kind: 'actions',
    renderCell: ({ key, name }) => (
      <Button variant="default" aria-label={`${t('desk.edit')}: ${nameOf(name)}`} onClick={() => setEdited(key)}>
        {t('desk.edit')}
      </Button>
    ),
  }
  return (
    <DataTable
      title={t('department.managed')}
      columns={actions.includes('departments.manage') ? [...columns, actionColumn] : columns}
      rows={rows}
      rowKey={({ key }) => key}
      isPast={({ archived }) => archived}
      renderEditor={(department) =>
        department.key === edited ? (
          <DepartmentEditor department={department} list={list} asOf={asOf} onDone={() => setEdited(undefined)} />
        ) : undefined
      }
    />
  )
}
