import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import { skillsQuery } from '../../api/skills.ts'
import { useCreateTask } from '../../api/tasks.ts'
import { useText } from '../../locales/use-text.ts'
import { Dialog } from '../dialog.tsx'
import { ErrorAlert } from '../error-alert.tsx'
import layout from '../layout/layout.module.css'
import { notifyDone } from '../notify.ts'
import { OnlineButton } from '../online-button.tsx'

interface NewTaskProps {
  /** The order that the task is about. Undefined: the form asks for one. */
  readonly order?: string | undefined
  /** The alert that the task is to settle, and its order if it is about one. */
  readonly alert?: { readonly id: number; readonly title: string; readonly order: string | undefined } | undefined
  readonly onClose: () => void
}

/** Dialog to create a task by hand. */
export function NewTask({ order, alert, onClose }: NewTaskProps) {
  const { t, nameOf: textOf } = useText()
  const { departments: own, site, actions } = useMe()
  const { data: skills } = useQuery({ ...skillsQuery(site), enabled: actions.includes('team.read') })
  const { offered, nameOf } = useDepartmentNames()
  const create = useCreateTask()
  // Makes a retry after a lost answer idempotent.
  const [id] = useState(() => crypto.randomUUID())
  const [title, setTitle] = useState(alert?.title ?? '')
  const [number, setNumber] = useState(order ?? '')
  const [department, setDepartment] = useState('')
  const [skill, setSkill] = useState('')
  const [isWrong, setWrong] = useState(false)
  const choices = own === undefined ? offered : [...new Set(own)]
  const hasOrder = alert === undefined ? number.trim() !== '' : alert.order !== undefined
  const needsDepartment = !hasOrder && own !== undefined
  const submit = (): void => {
    const chosen = department === '' && needsDepartment ? (choices[0] ?? '') : department
    if (title.trim() === '') return setWrong(true)
    const request = {
      id,
      title: title.trim(),
      ...(alert === undefined ? number.trim() !== '' && { order: number.trim() } : { alert: alert.id }),
      ...(chosen !== '' && { department: chosen }),
      ...(skill !== '' && { skill }),
    }
    create.mutate(request, {
      onSuccess: () => {
        notifyDone(t('tasks.created', { title: request.title }))
        onClose()
      },
    })
  }
  return (
    <Dialog title={t('tasks.new')} onClose={onClose}>
      <form
        className={layout['stack']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextInput
          label={t('tasks.field.title')}
          value={title}
          maxLength={200}
          required
          error={isWrong && title.trim() === '' && t('tasks.missing')}
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        />
        {order === undefined && alert === undefined && (
          <TextInput
            label={t('tasks.field.order')}
            description={t('tasks.field.orderHint')}
            value={number}
            maxLength={200}
            onChange={({ currentTarget }) => setNumber(currentTarget.value)}
          />
        )}
        <NativeSelect
          label={t('tasks.fact.department')}
          value={department}
          data={[
            ...(needsDepartment ? [] : [{ value: '', label: t(hasOrder ? 'tasks.ofOrder' : 'tasks.noDepartment') }]),
            ...choices.map((key) => ({ value: key, label: nameOf(key) })),
          ]}
          onChange={({ currentTarget }) => setDepartment(currentTarget.value)}
        />
        {skills !== undefined && skills.skills.length > 0 && (
          <NativeSelect
            label={t('tasks.field.skill')}
            value={skill}
            data={[
              { value: '', label: t('tasks.noSkill') },
              ...skills.skills.map(({ key, name }) => ({ value: key, label: textOf(name) })),
            ]}
            onChange={({ currentTarget }) => setSkill(currentTarget.value)}
          />
        )}
        <ErrorAlert error={create.error} />
        <OnlineButton type="submit" loading={create.isPending}>
          {t('tasks.create')}
        </OnlineButton>
      </form>
    </Dialog>
  )
}
