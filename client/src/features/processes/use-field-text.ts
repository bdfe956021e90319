import type { CutOff } from '@stagewatch/shared/domain/cut-off.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { NumberRange, TargetCondition, TargetRule } from '@stagewatch/shared/domain/target-rule.ts'
import { formatNumber, missing } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { useProcess } from './process-context.ts'
import type { StageField } from './process-changes.ts'
import { useReaders } from './use-readers.ts'

export const textConditions = [
  'customerClass',
  'priority',
  'product',
  'customer',
  'department',
  'currency',
] as const satisfies readonly (keyof TargetCondition)[]
export const numberConditions = ['amount', 'quantity'] as const satisfies readonly (keyof TargetCondition)[]

/** Describes the settings of a stage. */
export function useFieldText() {
  const { t, language, nameOf } = useText()
  const { durationText, percentText } = useReaders()
  const { calendars } = useProcess()
  const number = (value: number): string => formatNumber(value, language, { maximumFractionDigits: 2 })

  const calendarText = (code: string | undefined): string => {
    if (code === undefined) return t('processes.usualCalendar')
    const calendar = calendars.find(({ definition }) => definition.code === code)
    return calendar === undefined ? code : nameOf(calendar.definition.name)
  }

  const cutOffText = ({ enterBy, leaveBy, daysLater = 0 }: CutOff): string => {
    const leave =
      daysLater === 0
        ? t('processes.cutOff.leave', { time: leaveBy })
        : t('processes.cutOff.leaveLater', { time: leaveBy, count: daysLater })
    return enterBy === undefined ? leave : t('processes.cutOff.enter', { time: enterBy, leave })
  }

  const rangeText = (label: string, { from, below }: NumberRange): string => {
    const lower = from === undefined ? '' : number(from)
    const upper = below === undefined ? '' : number(below)
    if (from === undefined) return `${label} < ${upper}`
    return below === undefined ? `${label} ≥ ${lower}` : `${lower} ≤ ${label} < ${upper}`
  }

  const conditionText = (when: TargetCondition): string => {
    const parts = [
      ...textConditions.flatMap((field) => {
        const values = when[field]
        return values === undefined ? [] : [`${t(`processes.condition.${field}`)} = ${values.join(t('processes.or'))}`]
      }),
      ...numberConditions.flatMap((field) => {
        const range = when[field]
        return range === undefined ? [] : [rangeText(t(`processes.condition.${field}`), range)]
      }),
    ]
    return parts.length === 0 ? t('processes.everyOrder') : parts.join(t('processes.and'))
  }

  /** All limits of a stage or a rule; empty: none. */
  const limitText = ({ targetMs, promiseLeadMs, cutOff }: Pick<TargetRule, 'targetMs' | 'promiseLeadMs' | 'cutOff'>) =>
    [
      targetMs === undefined ? undefined : durationText(targetMs),
      promiseLeadMs === undefined
        ? undefined
        : t('processes.beforePromise', { time: durationText(promiseLeadMs, true) }),
      cutOff === undefined ? undefined : cutOffText(cutOff),
    ]
      .filter((part) => part !== undefined)
      .join(' · ')

  /** The most commonly used limit, for places with little room. */
  const shortLimitText = ({ targetMs, promiseLeadMs, cutOff }: StageDefinition): string => {
    if (targetMs !== undefined) return durationText(targetMs)
    if (cutOff !== undefined) return t('processes.cutOff.leave', { time: cutOff.leaveBy })
    return promiseLeadMs === undefined ? t('processes.noLimit') : limitText({ promiseLeadMs })
  }

  const ruleText = (rule: TargetRule): string => {
    const parts = [
      limitText(rule),
      rule.warnAtRatio === undefined ? '' : t('processes.ruleWarn', { value: percentText(rule.warnAtRatio) }),
      rule.stallAfterMs === undefined ? '' : t('processes.ruleStall', { value: durationText(rule.stallAfterMs) }),
    ]
    return parts.filter((part) => part !== '').join(' · ') || missing
  }

  const namesText = (name: LocalText): string => [...new Set(Object.values(name))].join(' / ')

  const fieldText = (stage: StageDefinition, field: StageField): string => {
    switch (field) {
      case 'name':
        return namesText(stage.name)
      case 'targetMs':
      case 'stallAfterMs':
        return durationText(stage[field]) || missing
      case 'promiseLeadMs':
        return stage.promiseLeadMs === undefined ? missing : durationText(stage.promiseLeadMs, true)
      case 'cutOff':
        return stage.cutOff === undefined ? missing : cutOffText(stage.cutOff)
      case 'targets':
        return stage.targets?.map((rule) => `${conditionText(rule.when)}: ${ruleText(rule)}`).join('; ') ?? missing
      case 'calendar':
        return calendarText(stage.calendar)
      case 'warnAtRatio':
      case 'toleranceRatio':
        return percentText(stage[field])
      case 'department':
        return stage.department ?? missing
      case 'holdReasons':
        return stage.holdReasons?.map(({ name }) => nameOf(name)).join(t('listComma')) ?? missing
      case 'approval':
        return stage.approval === undefined
          ? missing
          : t('approvals.flow.steps', { count: stage.approval.steps.length })
      case 'terminal':
        return t(stage.terminal === true ? 'desk.yes' : 'desk.no')
    }
  }

  return { fieldText, conditionText, ruleText, limitText, shortLimitText, calendarText, cutOffText, namesText }
}
