import type {
  AlertCondition,
  AlertRecipient,
  AlertRule,
  AlertScope,
  LadderStep,
  MeasureCondition,
} from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { factsOf } from '@stagewatch/shared/domain/alerts/measures.ts'
import type { Measure } from '@stagewatch/shared/domain/alerts/measures.ts'
import type { TargetCondition } from '@stagewatch/shared/domain/target-rule.ts'
import { useQuery } from '@tanstack/react-query'
import { useDepartmentNames } from '../../../api/department-names.ts'
import { processesQuery } from '../../../api/site-queries.ts'
import { useMe } from '../../../api/session.ts'
import { formatNumber, formatPercent } from '../../../format/quantity.ts'
import { durationToType } from '../../../format/typed-duration.ts'
import { useText } from '../../../locales/use-text.ts'
import { channelsQuery, recipientsQuery } from '../api.ts'
import { thresholdOf } from './rule-values.ts'
import { useTranslated } from '../../../api/translations.ts'

export const textConditions = [
  'customer',
  'customerClass',
  'product',
  'priority',
  'department',
  'currency',
] as const satisfies readonly (keyof TargetCondition)[]
export const numberConditions = ['amount', 'quantity'] as const satisfies readonly (keyof TargetCondition)[]

/** Longer lists are cut off with a count of the rest, to keep the sentence short. */
const maxNamed = 3

/** Describes rules as sentences in the page's language. */
export function useRuleText() {
  const { t, language, nameOf } = useText()
  const { site, actions } = useMe()
  const processes = useQuery({ ...processesQuery(site), enabled: actions.includes('rules.read') }).data?.processes ?? []
  const peopleAnswer = useQuery({ ...recipientsQuery(site), enabled: actions.includes('people.read') }).data
  const people = peopleAnswer?.people ?? []
  const translated = useTranslated(peopleAnswer?.translations)
  const channels = useQuery({ ...channelsQuery(site), enabled: actions.includes('site.manage') }).data?.channels ?? []

  const departments = useDepartmentNames()

  /** `30 minutes`, `4 working hours`; elapsed time also in days. */
  const durationText = (ms: number, clock: 'working' | 'elapsed'): string =>
    durationToType(ms, { inDays: clock === 'elapsed' })
      .map(({ value, unit }) => {
        if (unit === 's') return t('span.s', { value })
        return t(clock === 'working' && unit === 'h' ? 'alerts.span.workingH' : `alerts.span.${unit}`, { count: value })
      })
      .join(' ')

  const number = (value: number): string => formatNumber(value, language, { maximumFractionDigits: 2 })

  /** A value in the unit of its measure. */
  const measuredText = (measure: Measure, value: number): string => {
    const { unit } = factsOf(measure)
    if (unit === 'ratio') return formatPercent(value, language)
    return unit === 'ms' ? durationText(value, 'elapsed') : number(value)
  }

  const measureText = (condition: MeasureCondition, processCodes: AlertScope['processes']): string => {
    const { measure, forMs } = condition
    const { side, value } = thresholdOf(condition)
    const values = {
      value: measuredText(measure, value),
      process: processCodes === undefined ? t('alerts.sentence.anyProcess') : listText(processCodes.map(processName)),
    }
    const text =
      side === 'below' && (measure === 'wipCount' || measure === 'openCount')
        ? t(`alerts.sentence.few.${measure}`, values)
        : t(`alerts.sentence.measure.${measure}`, values)
    return forMs === 0 ? text : t('alerts.sentence.lasting', { text, time: durationText(forMs, 'elapsed') })
  }

  /**
   * The condition as a sentence whose subject is the order or the measure.
   * @param processCodes Codes of the processes whose figures a rule measures. Undefined: of all.
   */
  const conditionText = (condition: AlertCondition, processCodes?: AlertScope['processes']): string => {
    switch (condition.kind) {
      case 'target':
        return condition.ratio === 1
          ? t('alerts.sentence.overdue')
          : t('alerts.sentence.target', { share: formatPercent(condition.ratio, language) })
      case 'pastTarget':
        return t('alerts.sentence.pastTarget', { time: durationText(condition.afterMs, 'working') })
      case 'stalled':
        return condition.afterMs === undefined
          ? t('alerts.sentence.stalledByStage')
          : t(`alerts.sentence.stalled.${condition.clock}`, { time: durationText(condition.afterMs, condition.clock) })
      case 'noNews':
        return t('alerts.sentence.noNews', { time: durationText(condition.afterMs, 'elapsed') })
      case 'held':
        return t('alerts.sentence.held', { time: durationText(condition.afterMs, 'working') })
      case 'promise':
        return condition.leadMs === 0
          ? t('alerts.sentence.promised')
          : t('alerts.sentence.promise', { time: durationText(condition.leadMs, 'elapsed') })
      case 'unclaimed':
        if (condition.afterMs === 0) return t(`alerts.sentence.unclaimedAtOnce.${condition.since}`)
        return t(`alerts.sentence.unclaimed.${condition.since}`, { time: durationText(condition.afterMs, 'working') })
      case 'measure':
        return measureText(condition, processCodes)
    }
  }

  const listText = (texts: readonly string[]): string =>
    texts.length > maxNamed
      ? t('alerts.sentence.more', {
          list: texts.slice(0, maxNamed).join(t('listComma')),
          count: texts.length - maxNamed,
        })
      : texts.join(t('listComma'))

  const processName = (code: string): string => {
    const found = processes.find((process) => process.code === code)
    return found === undefined ? code : nameOf(found.name)
  }

  const stageName = (code: string): string => {
    for (const { stages } of processes) {
      const found = stages.find((stage) => stage.code === code)
      if (found !== undefined) return nameOf(found.name)
    }
    return code
  }

  /** The scope as text; empty if the rule is not restricted. */
  const scopeText = ({ processes: codes, stages, sources, when = {} }: AlertScope): string => {
    const parts = [
      codes === undefined ? undefined : listText(codes.map(processName)),
      stages === undefined ? undefined : listText(stages.map(stageName)),
      sources === undefined ? undefined : listText(sources),
      ...textConditions.map((field) => {
        const values = when[field]
        return values && t('labelled', { label: t(`processes.condition.${field}`), value: listText(values) })
      }),
      ...numberConditions.map((field) => {
        const { from, below } = when[field] ?? {}
        const label = t(`processes.condition.${field}`)
        if (from !== undefined && below !== undefined) return `${number(from)} ≤ ${label} < ${number(below)}`
        if (from !== undefined) return `${label} ≥ ${number(from)}`
        return below === undefined ? undefined : `${label} < ${number(below)}`
      }),
    ]
    return parts.filter((part) => part !== undefined).join(' · ')
  }

  /** The condition of a rule as a sentence, and the part of its scope that the sentence does not name. */
  const ruleTexts = ({ condition, scope }: Pick<AlertRule, 'condition' | 'scope'>) => {
    const namesProcesses = condition.kind === 'measure' && factsOf(condition.measure).of === 'process'
    const { processes: codes, ...rest } = scope
    return namesProcesses
      ? { condition: conditionText(condition, codes), scope: scopeText(rest) }
      : { condition: conditionText(condition), scope: scopeText(scope) }
  }

  const recipientText = (recipient: AlertRecipient): string => {
    if (recipient.kind === 'person') {
      const name = people.find(({ id }) => id === recipient.id)?.name
      return name === undefined ? t('alerts.recipient.person') : translated(name)
    }
    if (recipient.kind === 'channel')
      return channels.find(({ id }) => id === recipient.id)?.name ?? t('alerts.recipient.channel')
    if (recipient.kind === 'department')
      return t('alerts.recipient.department', { department: departments.nameOf(recipient.id) })
    return t(`alerts.recipient.${recipient.kind}`)
  }

  const recipientsText = (recipients: LadderStep['to']): string => listText(recipients.map(recipientText))

  return {
    durationText,
    conditionText,
    measuredText,
    ruleTexts,
    recipientText,
    recipientsText,
    stageName,
    processName,
    processes,
    people,
    channels,
    departmentKeys: departments.offered,
  }
}
