import { Button } from '@mantine/core'
import type { TeamList, TeamMember } from '@stagewatch/shared/contract/team.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import { DataTable, type Column } from '../../components/data-table.tsx'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import note from '../../components/note.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import { absenceText, PresenceBadge } from './presence-badge.tsx'
import { teamQuery } from './api.ts'
import { MemberEditor } from './member-editor.tsx'
import { TeamTabs } from './team-tabs.tsx'
import { TranslationsContext, useTranslated } from '../../api/translations.ts'

/** Presence, skills and absences of the people whom the user manages, or of the user. */
export function TeamPage() {
  const { t } = useText()
  const { site } = useMe()
  const query = useQuery(teamQuery(site))
  return (
    <Page title={t('nav.team')}>
      <TeamTabs />
      <QueryBoundary query={query}>
        {(list) => (
          <TranslationsContext value={list.translations}>
            <Team list={list} />
          </TranslationsContext>
        )}
      </QueryBoundary>
    </Page>
  )
}

function Team({ list }: { readonly list: TeamList }) {
  const { t, nameOf, language } = useText()
  const { id: ownId } = useMe()
  const departments = useDepartmentNames()
  const [edited, setEdited] = useState<string>()
  const translated = useTranslated()
  const names = new Map([...list.deputies, ...list.people].map(({ id, name }) => [id, translated(name)]))
  const skillName = (key: string): string => {
    const skill = list.skills.find((one) => one.key === key)
    return skill === undefined ? key : nameOf(skill.name)
  }
  const columns: readonly Column<TeamMember>[] = [
    {
      title: t('desk.name'),
      kind: 'name',
      renderCell: ({ id, name, role }) => (
        <>
          <strong>{translated(name)}</strong> {id === ownId && <span className={note['badge']}>{t('people.you')}</span>}
          <div className={layout['meta']}>{t(`role.${role}`)}</div>
        </>
      ),
    },
    {
      title: t('departments.label'),
      renderCell: (member) =>
        member.departments === undefined ? (
          <span className={layout['quiet']}>{t('departments.all')}</span>
        ) : (
          departments.namesOf(member.departments)
        ),
    },
    {
      title: t('team.now'),
      renderCell: (member) => <PresenceBadge member={member} names={names} asOf={list.asOf} />,
    },
    {
      title: t('team.skills'),
      renderCell: ({ skills }) =>
        skills.length === 0 ? (
          <span className={layout['quiet']}>{t('team.noSkills')}</span>
        ) : (
          skills.map(skillName).join(t('listComma'))
        ),
    },
    {
      title: t('team.absences'),
      renderCell: ({ absences: [first] }) =>
        first === undefined ? (
          <span className={layout['quiet']}>—</span>
        ) : (
          <>
            {t(`team.reason.${first.kind}`)}
            <div className={layout['meta']}>{absenceText(first, language)}</div>
          </>
        ),
    },
    {
      title: t('desk.actions'),
      kind: 'actions',
      renderCell: ({ id, name }) => (
        <Button variant="default" aria-label={`${t('desk.edit')}: ${translated(name)}`} onClick={() => setEdited(id)}>
          {t('desk.edit')}
        </Button>
      ),
    },
  ]
  return (
    <DataTable
      title={t('team.people')}
      columns={columns}
      rows={list.people}
      rowKey={({ id }) => id}
      renderEditor={(member) =>
        member.id === edited ? (
          <MemberEditor member={member} list={list} onDone={() => setEdited(undefined)} />
        ) : undefined
      }
    >
      <p className={layout['meta']}>{t('team.peopleNote')}</p>
    </DataTable>
  )
}
