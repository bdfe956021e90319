import type { TaskDetail, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import { useDepartmentNames } from '../../api/department-names.ts'
import { instantText } from '../../format/instant-text.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'
import { useTranslated } from '../../api/translations.ts'

const minuteMs = 60_000

/** One line that describes the next step, and whether it is late. */
export interface NextLine {
  readonly text: string
  readonly isLate: boolean
}

export function useTaskText(now: number) {
  const { t, language, nameOf } = useText()
  const duration = useDurationText()
  const departments = useDepartmentNames()
  const translated = useTranslated()
  const person = (assignee: TaskView['assignee']): string =>
    assignee === undefined
      ? t('tasks.unclaimed')
      : assignee.name === undefined
        ? t('tasks.somebody')
        : translated(assignee.name)

  return {
    person,
    /** Time by which the order exceeds the limit of its stage, or the time left. */
    time: ({ about }: TaskView): string | undefined => {
      if (about === undefined) return undefined
      if (about.status === 'gone') return t('tasks.orderMovedOn')
      if (about.status === 'onHold') return t('tasks.onHold')
      if (about.overMs === undefined) return undefined
      return about.overMs >= 0 ? duration(about.overMs) : t('tasks.left', { value: duration(-about.overMs) })
    },
    place: ({ stage, stageName, department }: TaskView): string | undefined => {
      if (stageName !== undefined) return nameOf(stageName)
      return stage ?? (department === undefined ? undefined : departments.nameOf(department))
    },
    next: (task: TaskView): NextLine | undefined => {
      const { state, handOver, nextUpdateAt, waitingFor, escalatesAt, assignReason, alertEndedAt } = task
      const calm = (text: string): NextLine => ({ text, isLate: false })
      if (state === 'closed') return undefined
      if (handOver !== undefined) {
        const to =
          handOver.toDepartment === undefined ? person(handOver.toPerson) : departments.nameOf(handOver.toDepartment)
        return calm(handOver.isForYou ? t('tasks.next.offeredToYou') : t('tasks.next.offered', { to }))
      }
      if (nextUpdateAt !== undefined && nextUpdateAt <= now)
        return { text: t('tasks.next.late', { value: duration(Math.max(minuteMs, now - nextUpdateAt)) }), isLate: true }
      if (nextUpdateAt !== undefined)
        return calm(t('tasks.next.update', { time: instantText(nextUpdateAt, now, language) }))
      if (waitingFor !== undefined) return calm(waitingFor)
      if (alertEndedAt !== undefined) return calm(t('tasks.next.alertEnded'))
      if (state === 'toVerify') return calm(t(task.isOwnWork === true ? 'tasks.next.byOther' : 'tasks.next.verify'))
      if (state !== 'unclaimed') return undefined
      if (escalatesAt !== undefined && escalatesAt > now)
        return calm(t('tasks.next.escalates', { value: duration(Math.max(minuteMs, escalatesAt - now)) }))
      return assignReason === undefined ? undefined : calm(t(`tasks.reason.${assignReason}`))
    },
    entry: ({ kind, target, until, tookMs, text }: TaskDetail['history'][number]): string => {
      const values = {
        target: target === undefined ? t('tasks.somebody') : departments.nameOf(translated(target)),
        time: until === undefined ? '' : instantText(until, now, language),
        value: tookMs === undefined ? '' : duration(tookMs),
        text: text ?? '',
      }
      if (kind === 'accept' && tookMs !== undefined) return t('tasks.history.acceptAfter', values)
      if (kind === 'wait' && until !== undefined) return t('tasks.history.waitUntil', values)
      if (kind === 'escalate' && target === undefined) return t('tasks.history.escalateNobody')
      return t(`tasks.history.${kind}`, values)
    },
  }
}

/** The first letter of a name, used as an avatar. */
export function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())
  return first?.segment.toUpperCase() ?? ''
}
