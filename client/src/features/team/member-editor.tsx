import { MultiSelect, NativeSelect } from '@mantine/core'
import {
  maxSkillsOfPerson,
  memberSettings,
  type MemberSettings,
  type TeamList,
  type TeamMember,
} from '@stagewatch/shared/contract/team.ts'
import { useState } from 'react'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import formStyles from '../../components/form/form.module.css'
import { useSchemaForm, withoutEmpty } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { useText } from '../../locales/use-text.ts'
import { AbsenceForm } from './absence-form.tsx'
import { absenceText } from './presence-badge.tsx'
import { useDeleteAbsence, useSaveMember } from './api.ts'

const memberForm = withoutEmpty(memberSettings)

interface MemberEditorProps {
  readonly member: TeamMember
  readonly list: TeamList
  readonly onDone: () => void
}

/** Skills and calendar for managers of the person, and absences also for the person. */
export function MemberEditor({ member, list, onDone }: MemberEditorProps) {
  const { t, nameOf } = useText()
  const { name, timeZone, worksBy } = member
  const calendar = list.calendars.find(({ code }) => code === worksBy)
  const works = calendar === undefined ? t('team.always') : t('team.byCalendar', { name: nameOf(calendar.name) })
  return (
    <div className={layout['stack']}>
      <div>
        <strong>{name}</strong> <span className={layout['meta']}>{`${works} · ${timeZone}`}</span>
      </div>
      {member.mayChange && <SettingsForm member={member} list={list} onDone={onDone} />}
      <Absences member={member} />
      {member.mayEnterAbsences && <AbsenceForm member={member} deputies={list.deputies} onDone={onDone} />}
    </div>
  )
}

function SettingsForm({ member, list, onDone }: MemberEditorProps) {
  const { t, nameOf } = useText()
  const [before, setBefore] = useState(() => settingsOf(member))
  const { form, submit } = useSchemaForm(memberForm, valuesOf(member))
  const { skills, calendar } = form.values
  const save = useSaveMember(member)
  const finish = () => {
    notifyDone(t('desk.saved'))
    onDone()
  }
  // A skill that the site has removed stays until it is deselected.
  const gone = skills.filter((key) => !list.skills.some((one) => one.key === key))
  return (
    <Form onSubmit={submit((body) => save.mutate(body, { onSuccess: finish }))}>
      {!save.isSuccess && (
        <EditConflict
          before={before}
          current={settingsOf(member)}
          yours={settingsOf(form.values)}
          now={list.asOf}
          onTakeTheirs={() => {
            save.reset()
            setBefore(settingsOf(member))
            form.setValues(valuesOf(member))
          }}
        />
      )}
      <div className={formStyles['fields']}>
        <MultiSelect
          label={t('team.skills')}
          value={skills}
          data={[
            ...list.skills.map((one) => ({ value: one.key, label: nameOf(one.name) })),
            ...gone.map((key) => ({ value: key, label: key })),
          ]}
          maxValues={maxSkillsOfPerson}
          searchable
          error={form.errors['skills']}
          onChange={(next) => form.setFieldValue('skills', next)}
        />
        <NativeSelect
          label={t('team.calendar')}
          value={calendar}
          data={[
            { value: '', label: t('team.usualCalendar') },
            ...list.calendars.map((each) => ({ value: each.code, label: nameOf(each.name) })),
          ]}
          onChange={({ currentTarget }) => form.setFieldValue('calendar', currentTarget.value)}
        />
      </div>
      <ErrorAlert error={save.error} />
      <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
    </Form>
  )
}

function Absences({ member: { id, name, absences, mayEnterAbsences } }: { readonly member: TeamMember }) {
  const { t, language } = useText()
  const remove = useDeleteAbsence(id)
  return (
    <section>
      <h3>{t('team.absences')}</h3>
      {absences.length === 0 && <p className={layout['quiet']}>{t('team.noAbsences')}</p>}
      {absences.map((absence) => (
        <div key={absence.id} className={layout['listRow']}>
          <div>
            {`${t(`team.reason.${absence.kind}`)} · ${absenceText(absence, language)}`}
            {absence.deputyName !== undefined && (
              <div className={layout['meta']}>{t('team.standsIn', { name: absence.deputyName })}</div>
            )}
          </div>
          {mayEnterAbsences && (
            <ConfirmButton
              label={t('team.delete')}
              about={absenceText(absence, language)}
              question={t('team.deleteQuestion', { name })}
              busy={remove.isPending && remove.variables === absence.id}
              onConfirm={() => remove.mutate(absence.id)}
            />
          )}
        </div>
      ))}
      <ErrorAlert error={remove.error} />
    </section>
  )
}

/** Values of the form; empty where no calendar is chosen. */
function valuesOf({ skills, calendar = '' }: MemberSettings) {
  return { skills: [...skills], calendar }
}

function settingsOf({ skills, calendar = '' }: MemberSettings): MemberSettings {
  return { skills: [...skills], ...(calendar !== '' && { calendar }) }
}
