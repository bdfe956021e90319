import { Button, TextInput } from '@mantine/core'
import type { DepartmentList, DepartmentSettings } from '@stagewatch/shared/contract/departments.ts'
import { departmentText } from '@stagewatch/shared/contract/departments.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { z } from 'zod'
import { departmentsQuery } from '../../api/department-names.ts'
import { serverTime } from '../../api/server-time.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import { notifyDone } from '../../components/notify.ts'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { useSaveDepartment } from './api.ts'
import { DepartmentTable } from './department-table.tsx'
import { SkillsCard } from './skills-card.tsx'
import { TeamTabs } from './team-tabs.tsx'

export function DepartmentsPage() {
  const { t } = useText()
  return (
    <Page title={t('team.departments')} needs="team.read">
      <TeamTabs />
      <Departments />
    </Page>
  )
}

function Departments() {
  const { t } = useText()
  const { site, actions } = useMe()
  const query = useQuery(departmentsQuery(site))
  const mayManage = actions.includes('departments.manage')
  return (
    <QueryBoundary query={query}>
      {(list) => (
        <div className={clsx(layout['columns'], layout['withSide'])}>
          <div className={layout['stack']}>
            {list.departments.length === 0 ? (
              <EmptyState title={t('department.none')}>
                <p>{t('department.noneText')}</p>
              </EmptyState>
            ) : (
              <DepartmentTable list={list} asOf={serverTime(query.dataUpdatedAt)} />
            )}
            {list.unmanaged.length > 0 && <Unmanaged list={list} />}
          </div>
          <div className={layout['stack']}>
            {mayManage && <CreateDepartment />}
            <SkillsCard />
          </div>
        </div>
      )}
    </QueryBoundary>
  )
}

/** Default settings, named by the text in events. */
function plainSettings(text: string): DepartmentSettings {
  return { name: { zh: text, en: text }, aliases: [], archived: false }
}

function Unmanaged({ list }: { readonly list: DepartmentList }) {
  const { t, language } = useText()
  const { actions } = useMe()
  const save = useSaveDepartment()
  const adopt = (text: string): void =>
    save.mutate(
      { key: text, settings: plainSettings(text) },
      { onSuccess: () => notifyDone(t('department.adopted', { name: text })) },
    )
  const columns = [
    {
      title: t('department.key'),
      kind: 'name',
      renderCell: ({ text }: Unmanaged) => <strong className={layout['break']}>{text}</strong>,
    },
    { title: t('department.openOrders'), renderCell: ({ openOrders }: Unmanaged) => formatCount(openOrders, language) },
    { title: t('department.stages'), renderCell: ({ stages }: Unmanaged) => formatCount(stages, language) },
    { title: t('department.members'), renderCell: ({ members }: Unmanaged) => formatCount(members, language) },
  ] as const
  const adoptColumn = {
    title: t('desk.actions'),
    kind: 'actions',
    renderCell: ({ text }: Unmanaged) => (
      <OnlineButton
        variant="default"
        aria-label={`${t('department.adopt')}: ${text}`}
        loading={save.isPending && save.variables.key === text}
        onClick={() => adopt(text)}
      >
        {t('department.adopt')}
      </OnlineButton>
    ),
  } as const
  const moreCount = list.unmanagedTotal - list.unmanaged.length
  return (
    <DataTable
      title={t('department.unmanaged')}
      columns={actions.includes('departments.manage') ? [...columns, adoptColumn] : columns}
      rows={list.unmanaged}
      rowKey={({ text }) => text}
    >
      <p className={layout['meta']}>
        {t('department.unmanagedText')}
        {moreCount > 0 && ` ${t('department.more', { count: moreCount })}`}
      </p>
      <ErrorAlert error={save.error} />
    </DataTable>
  )
}

type Unmanaged = DepartmentList['unmanaged'][number]

const newDepartment = z.object({ key: departmentText })

function CreateDepartment() {
  const { t } = useText()
  const { form, field, submit } = useSchemaForm(newDepartment, { key: '' })
  const save = useSaveDepartment()
  const create = ({ key }: z.output<typeof newDepartment>): void =>
    save.mutate(
      { key, settings: plainSettings(key) },
      {
        onSuccess: () => {
          form.reset()
          notifyDone(t('department.adopted', { name: key }))
        },
      },
    )
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('department.create')}</h2>
      <Form onSubmit={submit(create)}>
        <TextInput {...field('key')} label={t('department.key')} description={t('department.keyHint')} required />
        <ErrorAlert error={save.error} />
        <Button type="submit" loading={save.isPending}>
          {t('department.submit')}
        </Button>
      </Form>
    </section>
  )
}
