import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { TaskMoveRequest, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskState } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverTime } from '../../api/server-time.ts'
import { useMe, useSiteTimeZone } from '../../api/session.ts'
import { taskTargetsQuery } from '../../api/tasks.ts'
import layout from '../../components/layout/layout.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { clockTimeIn, instantIn } from '../../format/site-clock.ts'
import { useText } from '../../locales/use-text.ts'
import { columnMove } from './column-move.ts'
import styles from './tasks.module.css'
import type { CardMoving } from './use-move-card.ts'
import { ClockField } from '../../components/form/clock-field.tsx'
import { useTranslated } from '../../api/translations.ts'

/** Forms that a move may require. */
export type TaskForm = 'wait' | 'sendBack' | 'promise' | 'handOver' | 'assign' | 'comment'

const minuteMs = 60_000

interface TaskActionsProps {
  readonly task: TaskView
  readonly firstForm: TaskForm | undefined
  readonly moving: CardMoving
  readonly needsVerification: boolean
}

/** The actions that the user may take on a task; empty for read-only users. */
export function TaskActions({ task, firstForm, moving, needsVerification }: TaskActionsProps) {
  const { t } = useText()
  const { actions } = useMe()
  const [form, setForm] = useState(firstForm)
  if (!actions.includes('orders.act')) return null
  const { state, mayDecide, handOver } = task
  const isUnderWay = state === 'inProgress' || state === 'waiting'
  const forms: readonly (readonly [TaskForm, boolean])[] = [
    ['wait', state === 'inProgress' && mayDecide],
    ['promise', isUnderWay && mayDecide],
    ['handOver', (isUnderWay || state === 'unclaimed') && mayDecide && handOver === undefined],
    ['assign', state === 'unclaimed' && actions.includes('orders.manage')],
    ['sendBack', state === 'toVerify' && task.isOwnWork !== true],
    ['comment', true],
  ]
  const steps = (['inProgress', 'toVerify', 'closed', 'unclaimed'] as const).filter(
    (to) => columnMove(task, to, needsVerification).kind === 'move',
  )
  return (
    <div className={layout['stack']}>
      <div className={layout['row']}>
        {steps.map((to) => (
          <OnlineButton
            key={to}
            size="sm"
            variant={to === 'unclaimed' ? 'default' : 'filled'}
            disabled={moving.isBusy}
            onClick={() => moving.toColumn(task, to)}
          >
            {t(handOver?.isForYou === true && to === 'inProgress' ? 'tasks.accept' : stepKey(task, to))}
          </OnlineButton>
        ))}
        {handOver !== undefined && (handOver.isForYou || mayDecide) && (
          <OnlineButton size="sm" variant="default" onClick={() => moving.send(task, { kind: 'refuse' })}>
            {t(handOver.isForYou ? 'tasks.refuse' : 'tasks.withdraw')}
          </OnlineButton>
        )}
        {handOver?.isForYou === true && state === 'inProgress' && (
          <OnlineButton size="sm" onClick={() => moving.send(task, { kind: 'accept' })}>
            {t('tasks.accept')}
          </OnlineButton>
        )}
        {forms
          .filter(([, isOffered]) => isOffered)
          .map(([name]) => (
            <Button
              key={name}
              size="sm"
              variant="default"
              aria-expanded={form === name}
              onClick={() => setForm(form === name ? undefined : name)}
            >
              {t(`tasks.form.${name}`)}
            </Button>
          ))}
      </div>
      {form !== undefined && (
        <MoveForm
          key={form}
          form={form}
          task={task}
          isBusy={moving.isBusy}
          onSend={(move) => moving.send(task, move, columnOf(move), () => setForm(undefined))}
        />
      )}
    </div>
  )
}

/** Text key for the action that moves a task into a column. */
export function stepKey({ state, isOwnWork = false }: TaskView, to: TaskState) {
  if (state === 'closed') return 'tasks.reopen' as const
  if (state === 'waiting' && to === 'inProgress') return 'tasks.resume' as const
  if (state === 'toVerify' && to === 'inProgress')
    return isOwnWork ? ('tasks.takeBack' as const) : ('tasks.form.sendBack' as const)
  return `tasks.step.${to}` as const
}

function columnOf({ kind }: TaskMoveRequest): TaskState | undefined {
  if (kind === 'wait') return 'waiting'
  return kind === 'sendBack' ? 'inProgress' : undefined
}

interface MoveFormProps {
  readonly form: TaskForm
  readonly task: TaskView
  readonly isBusy: boolean
  readonly onSend: (move: TaskMoveRequest) => void
}

function MoveForm({ form, task, isBusy, onSend }: MoveFormProps) {
  const { t, nameOf } = useText()
  const { site, id: ownId } = useMe()
  const timeZone = useSiteTimeZone()
  const [openedAt] = useState(() => serverTime(Date.now()))
  const [text, setText] = useState('')
  const [time, setTime] = useState('')
  const [target, setTarget] = useState('')
  const [isWrong, setWrong] = useState(false)
  const needsTarget = form === 'handOver' || form === 'assign'
  const targets = useQuery({ ...taskTargetsQuery(site, task.id), enabled: needsTarget }).data
  const asksTime = form === 'wait' || form === 'promise'
  const submit = (): void => {
    const until = time === '' ? undefined : instantIn(time, timeZone)
    const isLater = until !== undefined && until > serverTime(Date.now())
    const move = moveOf(form, { text: text.trim(), until: isLater ? until : undefined, target })
    const isTimeWrong = asksTime && !isLater && (form === 'promise' || time !== '')
    if (move === undefined || isTimeWrong) setWrong(true)
    else onSend(move)
  }
  const translated = useTranslated(targets?.translations)
  const people = (targets?.people ?? []).filter(({ id }) => id !== task.assignee?.id)
  return (
    <form
      className={styles['form']}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {needsTarget && (
        <NativeSelect
          label={t(`tasks.target.${form}`)}
          value={target}
          error={isWrong && target === '' && t('tasks.missing')}
          onChange={({ currentTarget }) => setTarget(currentTarget.value)}
        >
          <option value="">{t('tasks.choose')}</option>
          {people.length > 0 && (
            <optgroup label={t('tasks.target.people')}>
              {people.map(({ id, name, isPresent, openCount }) => (
                <option key={id} value={`person:${id}`}>
                  {t(isPresent ? 'tasks.target.present' : 'tasks.target.away', {
                    name: id === ownId ? t('tasks.you', { name: translated(name) }) : translated(name),
                    count: openCount,
                  })}
                </option>
              ))}
            </optgroup>
          )}
          {form === 'handOver' && (
            <optgroup label={t('tasks.target.departments')}>
              {(targets?.departments ?? []).map(({ key, name }) => (
                <option key={key} value={`department:${key}`}>
                  {nameOf(name)}
                </option>
              ))}
            </optgroup>
          )}
        </NativeSelect>
      )}
      {form === 'wait' ? (
        <TextInput
          label={t('tasks.waitingFor')}
          value={text}
          maxLength={200}
          required
          error={isWrong && text.trim() === '' && t('tasks.missing')}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      ) : (
        <Textarea
          label={t(form === 'sendBack' ? 'tasks.whySentBack' : 'tasks.text')}
          value={text}
          maxLength={2_000}
          autosize
          minRows={2}
          required={form === 'sendBack' || form === 'comment'}
          error={isWrong && text.trim() === '' && (form === 'sendBack' || form === 'comment') && t('tasks.missing')}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      )}
      {asksTime && (
        <ClockField
          kind="datetime"
          label={t(form === 'promise' ? 'tasks.promiseAt' : 'tasks.waitUntil')}
          value={time}
          min={clockTimeIn(openedAt + minuteMs, timeZone)}
          required={form === 'promise'}
          error={isWrong && t('tasks.timeWrong')}
          onChange={setTime}
        />
      )}
      <OnlineButton type="submit" size="sm" loading={isBusy}>
        {t(`tasks.form.${form}`)}
      </OnlineButton>
    </form>
  )
}

interface Entered {
  readonly text: string
  readonly until: number | undefined
  readonly target: string
}

/** Undefined: a required value is missing. */
function moveOf(form: TaskForm, { text, until, target }: Entered): TaskMoveRequest | undefined {
  const said = text === '' ? {} : { text }
  const colon = target.indexOf(':')
  const id = target.slice(colon + 1)
  switch (form) {
    case 'wait':
      return text === '' ? undefined : { kind: 'wait', waitingFor: text, ...(until !== undefined && { until }) }
    case 'promise':
      return until === undefined ? undefined : { kind: 'promise', until, ...said }
    case 'sendBack':
    case 'comment':
      return text === '' ? undefined : { kind: form, text }
    case 'assign':
      return id === '' ? undefined : { kind: 'assign', to: id, ...said }
    case 'handOver': {
      const kind = target.slice(0, colon) === 'department' ? 'department' : 'person'
      return id === '' ? undefined : { kind: 'handOver', to: { kind, id }, ...said }
    }
  }
}
