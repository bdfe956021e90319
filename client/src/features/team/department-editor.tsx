import { Checkbox, NativeSelect, TagsInput } from '@mantine/core'
import {
  departmentSettings,
  type DepartmentList,
  type DepartmentSettings,
  type ManagedDepartment,
} from '@stagewatch/shared/contract/departments.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import { ConfirmButton } from '../../components/confirm-button.tsx'
import { EditConflict } from '../../components/diff/edit-conflict.tsx'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import formStyles from '../../components/form/form.module.css'
import { useSchemaForm, withoutEmpty } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { notifyDone } from '../../components/notify.ts'
import { useText } from '../../locales/use-text.ts'
import { teamQuery, useMergeDepartment, useSaveDepartment } from './api.ts'
import { NameFields, writtenName } from './name-fields.tsx'
import { useTranslated } from '../../api/translations.ts'

const departmentForm = withoutEmpty(departmentSettings)

interface DepartmentEditorProps {
  readonly department: ManagedDepartment
  readonly list: DepartmentList
  /** Epoch ms. */
  readonly asOf: number
  readonly onDone: () => void
}

export function DepartmentEditor({ department, list, asOf, onDone }: DepartmentEditorProps) {
  const { t, nameOf } = useText()
  const { site } = useMe()
  const { data: team } = useQuery(teamQuery(site))
  const { key, version } = department
  const [before, setBefore] = useState(() => settingsOf(department))
  const { form, submit } = useSchemaForm(departmentForm, valuesOf(department))
  const { name, lead, calendar, aliases, archived } = form.values
  const save = useSaveDepartment()
  const finish = () => {
    notifyDone(t('desk.saved'))
    onDone()
  }
  const translated = useTranslated(team?.translations)
  const people = team?.people ?? []
  const leads = people.some(({ id }) => id === lead) || lead === '' ? people : [...people, nameless(lead)]
  return (
    <div className={layout['stack']}>
      <Form onSubmit={submit((settings) => save.mutate({ key, version, settings }, { onSuccess: finish }))}>
        {!save.isSuccess && (
          <EditConflict
            before={before}
            current={settingsOf(department)}
            yours={settingsOf(form.values)}
            now={asOf}
            onTakeTheirs={() => {
              save.reset()
              setBefore(settingsOf(department))
              form.setValues(valuesOf(department))
            }}
          />
        )}
        <div className={formStyles['fields']}>
          <NameFields
            value={name}
            error={form.errors['name']}
            onChange={(next) => form.setFieldValue('name', writtenName(next))}
          />
          <NativeSelect
            label={t('department.lead')}
            value={lead}
            data={[
              { value: '', label: t('department.noLead') },
              ...leads.map((person) => ({ value: person.id, label: translated(person.name) })),
            ]}
            onChange={({ currentTarget }) => form.setFieldValue('lead', currentTarget.value)}
          />
          <NativeSelect
            label={t('department.calendar')}
            value={calendar}
            data={[
              { value: '', label: t('department.siteCalendar') },
              ...list.calendars.map((each) => ({ value: each.code, label: nameOf(each.name) })),
            ]}
            onChange={({ currentTarget }) => form.setFieldValue('calendar', currentTarget.value)}
          />
        </div>
        <TagsInput
          label={t('department.aliases')}
          description={t('department.aliasesHint')}
          value={aliases}
          data={list.unmanaged.map(({ text }) => text)}
          error={form.errors['aliases']}
          clearButtonProps={{ 'aria-label': t('department.clearAliases') }}
          acceptValueOnBlur
          onChange={(next) => form.setFieldValue('aliases', next)}
        />
        <Checkbox
          label={t('department.archive')}
          checked={archived}
          onChange={({ currentTarget }) => form.setFieldValue('archived', currentTarget.checked)}
        />
        <ErrorAlert error={save.error} />
        <FormButtons submit={t('desk.save')} isBusy={save.isPending} onCancel={onDone} />
      </Form>
      <MergeForm department={department} list={list} onDone={onDone} />
    </div>
  )
}

/** Merges the department into another one, after explaining who will see more as a result. */
function MergeForm({ department, list, onDone }: Omit<DepartmentEditorProps, 'asOf'>) {
  const { t, nameOf } = useText()
  const [into, setInto] = useState('')
  const merge = useMergeDepartment()
  const { key, version } = department
  const others = list.departments.filter((one) => one.key !== key && !one.archived)
  const target = others.find((one) => one.key === into)
  if (others.length === 0) return null
  const names = { name: nameOf(department.name), into: target === undefined ? '' : nameOf(target.name) }
  return (
    <div className={formStyles['group']}>
      <NativeSelect
        label={t('department.merge')}
        value={into}
        data={[
          { value: '', label: t('department.mergeChoose') },
          ...others.map((one) => ({ value: one.key, label: nameOf(one.name) })),
        ]}
        onChange={({ currentTarget }) => setInto(currentTarget.value)}
      />
      {target !== undefined && (
        <div className={layout['row']}>
          <ConfirmButton
            label={t('department.mergeSubmit')}
            about={names.name}
            question={t('department.mergeQuestion', names)}
            busy={merge.isPending}
            onConfirm={() =>
              merge.mutate(
                { key, version, into },
                {
                  onSuccess: () => {
                    notifyDone(t('department.merged', names))
                    onDone()
                  },
                },
              )
            }
          />
        </div>
      )}
      <ErrorAlert error={merge.error} />
    </div>
  )
}

function settingsOf({ name, lead = '', calendar = '', aliases, archived }: DepartmentSettings): DepartmentSettings {
  return {
    name: { ...name },
    ...(lead !== '' && { lead }),
    ...(calendar !== '' && { calendar }),
    aliases: [...aliases],
    archived,
  }
}

/** Values of the form; empty where nothing is chosen. */
function valuesOf({ name, lead = '', calendar = '', aliases, archived }: DepartmentSettings) {
  const written: Record<string, string> = { ...name }
  return { name: written, lead, calendar, aliases: [...aliases], archived }
}

/** A person in the list whose name the user may not see. */
function nameless(id: string) {
  return { id, name: id }
}
