import type { ProcessPath } from '@stagewatch/shared/domain/process-definition.ts'
import { formatCount, missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import type { GoalField, ProcessChange } from '../process-changes.ts'
import { useProcess } from '../process-context.ts'
import { useFieldText } from '../use-field-text.ts'
import { useReaders } from '../use-readers.ts'

interface ChangeText {
  /** The stage or path. Empty: the process. */
  readonly subject: string
  readonly field: string
  /** Both undefined: the title alone describes the change. */
  readonly before?: string
  readonly after?: string
}

/** Describes a difference between two versions of a process. */
export function useChangeText(): (change: ProcessChange) => ChangeText {
  const { t, language, nameOf } = useText()
  const { definition, live } = useProcess()
  const { durationText, percentText } = useReaders()
  const { fieldText, namesText, limitText } = useFieldText()
  const stageName = (code: string): string =>
    nameOf([...definition.stages, ...live.stages].find((stage) => stage.code === code)?.name ?? { en: code })

  const goalText = (field: GoalField, value: number | undefined): string => {
    if (value === undefined) return missing
    if (field === 'leadTimeMs') return durationText(value, true)
    return field === 'onTimeRatio' ? percentText(value) : formatCount(value, language)
  }
  const pathText = (path: ProcessPath | undefined): string => {
    if (path === undefined) return missing
    const { name, maxTimes } = path
    const called = name === undefined ? '' : nameOf(name)
    const text = called === '' ? t('desk.yes') : called
    return maxTimes === undefined ? text : t('processes.atMost', { text, count: maxTimes })
  }

  return (change) => {
    switch (change.kind) {
      case 'name':
        return {
          subject: '',
          field: t('processes.field.name'),
          before: namesText(change.before.name),
          after: namesText(change.after.name),
        }
      case 'acceptsNewStages':
        return {
          subject: '',
          field: t('processes.acceptsNewStages'),
          before: t(change.before.acceptsNewStages ? 'desk.yes' : 'desk.no'),
          after: t(change.after.acceptsNewStages ? 'desk.yes' : 'desk.no'),
        }
      case 'goal':
        return {
          subject: '',
          field: t(`processes.goal.${change.field}`),
          before: goalText(change.field, change.before),
          after: goalText(change.field, change.after),
        }
      case 'stageAdded':
        return {
          subject: nameOf(change.stage.name),
          field: t('processes.stageAdded'),
          after: limitText(change.stage) || missing,
        }
      case 'stageRemoved':
        return { subject: nameOf(change.stage.name), field: t('processes.stageRemoved') }
      case 'order':
        return {
          subject: '',
          field: t('processes.order'),
          before: change.before.map(({ name }) => nameOf(name)).join(' → '),
          after: change.after.map(({ name }) => nameOf(name)).join(' → '),
        }
      case 'stage': {
        const what = { subject: nameOf(change.after.name), field: t(`processes.field.${change.field}`) }
        const before = fieldText(change.before, change.field)
        const after = fieldText(change.after, change.field)
        // The text may omit the part of the field that changed; the same text twice would read as no change.
        return before === after ? what : { ...what, before, after }
      }
      case 'path': {
        const path = change.after ?? change.before
        return {
          subject: '',
          field: t('processes.pathName', { from: stageName(path?.from ?? ''), to: stageName(path?.to ?? '') }),
          before: pathText(change.before),
          after: pathText(change.after),
        }
      }
    }
  }
}
