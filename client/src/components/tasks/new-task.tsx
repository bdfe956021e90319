import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
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
  readonly onClose: () => void
}

/** Dialog to create a task by hand. */
export function NewTask({ order, onClose }: NewTaskProps) {
  const { t } = useText()
  const { departments: own } = useMe()
  const { offered, nameOf } = useDepartmentNames()
  const create = useCreateTask()
  // Makes a retry after a lost answer idempotent.
  const [id] = useState(() => crypto.randomUUID())
  const [title, setTitle] = useState('')
  const [number, setNumber] = useState(order ?? '')
  const [department, setDepartment] = useState('')
  const [isWrong, setWrong] = useState(false)
  const choices = own === undefined ? offered : [...new Set(own)]
  const needsDepartment = number.trim() === '' && own !== undefined
  const submit = (): void => {
    const chosen = department === '' && needsDepartment ? (choices[0] ?? '') : department
    if (title.trim() === '') return setWrong(true)
    const request = {
      id,
      title: title.trim(),
      ...(number.trim() !== '' && { order: number.trim() }),
      ...(chosen !== '' && { department: chosen }),
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
        {order === undefined && (
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
            ...(needsDepartment
              ? []
              : [{ value: '', label: t(number.trim() === '' ? 'tasks.noDepartment' : 'tasks.ofOrder') }]),
            ...choices.map((key) => ({ value: key, label: nameOf(key) })),
          ]}
          onChange={({ currentTarget }) => setDepartment(currentTarget.value)}
        />
        <ErrorAlert error={create.error} />
        <OnlineButton type="submit" loading={create.isPending}>
          {t('tasks.create')}
        </OnlineButton>
      </form>
    </Dialog>
  )
}
