import type { ConfigDifference, SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { type LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'

type ConfigField = ConfigDifference['fields'][number]
type Area =
  | 'processes'
  | 'calendars'
  | 'calendarChoice'
  | 'departments'
  | 'skills'
  | 'privacy'
  | 'retention'
  | 'translations'
  | 'alertRules'
  | 'messageTexts'
  | 'customerNews'
  | 'taskRules'
  | 'handovers'

/** A segment of a field's path, in a form that can be translated. */
export type PathPart =
  | { readonly kind: 'field' | 'weekday' | 'messageText'; readonly name: string }
  /** Its number, or the date from which it applies. */
  | { readonly kind: 'version'; readonly name: string }
  | { readonly kind: 'entry'; readonly number: number }
  /** A name given by people or events. */
  | { readonly kind: 'named'; readonly name: LocalText }

/** The differences of one process, one calendar, or an area without parts. */
export interface ConfigSubject {
  readonly area: Area
  /** Undefined: the area as a whole. */
  readonly name: LocalText | undefined
  readonly fields: readonly { readonly field: ConfigField; readonly parts: readonly PathPart[] }[]
}

/** Groups the differences by subject, with names instead of codes. */
export function configSubjects(
  fields: readonly ConfigField[],
  current: SiteConfig,
  other: SiteConfig | undefined,
): ConfigSubject[] {
  const configs = [current, ...(other === undefined ? [] : [other])]
  const told = fields.filter((field) => !isEmptyList(field))
  const groups = Map.groupBy(told.length > 0 ? told : fields, ({ path: [area = '', code = ''] }) =>
    JSON.stringify([area, hasParts(area) && code]),
  )
  return [...groups.values()].map((group) => {
    const [area = '', code = ''] = group[0]?.path ?? []
    const length = hasParts(area) ? 2 : 1
    return {
      area: area as Area,
      name: hasParts(area) ? nameIn(configs, area, code) : undefined,
      fields: group.map((field) => ({ field, parts: partsOf(field.path.slice(length), area, code, configs) })),
    }
  })
}

/** A list without entries, as which an area is compared that had none, or will have none: its entries say the same. */
function isEmptyList({ before = [], after = [] }: ConfigField): boolean {
  return Array.isArray(before) && Array.isArray(after) && before.length + after.length === 0
}

const areasWithParts = ['processes', 'calendars', 'departments', 'alertRules'] as const
type AreaWithParts = (typeof areasWithParts)[number]

function hasParts(area: string): area is AreaWithParts {
  return areasWithParts.some((known) => known === area)
}

/** The name in the proposal takes precedence. */
function nameIn(configs: readonly SiteConfig[], area: AreaWithParts, code: string): LocalText {
  const named = configs.map((config): LocalText | undefined => {
    if (area === 'processes') return config.processes[code]?.at(-1)?.definition.name
    if (area !== 'alertRules') return config[area]?.[code]?.name
    const rule = config.alertRules?.[code]
    return rule && translatedName(rule.name, rule.names)
  })
  return named.findLast((name) => name !== undefined) ?? { en: code }
}

function partsOf(
  path: readonly string[],
  area: string,
  code: string,
  configs: readonly SiteConfig[],
): readonly PathPart[] {
  const versions = configs.map((config) => versionCount(config, area, code))
  return path.flatMap((part, at): PathPart[] => {
    const parent = path[at - 1]
    const isVersion = (area === 'processes' && at === 0) || (area === 'calendars' && parent === 'versions')
    if (isVersion) return Math.max(...versions) > 1 ? [{ kind: 'version', name: part }] : []
    // These segments add nothing to the version.
    if ((area === 'processes' && at === 1 && part === 'definition') || (area === 'calendars' && part === 'versions')) {
      return []
    }
    // The name of the stage makes this segment redundant.
    if (part === 'stages' && at < path.length - 1) return []
    if (parent === 'stages') return [{ kind: 'named', name: stageName(configs, code, part) }]
    if (area === 'handovers' && at === 0) return [{ kind: 'named', name: nameIn(configs, 'departments', part) }]
    if (area === 'messageTexts' && at === 0) return [{ kind: 'messageText', name: part }]
    if (parent === 'week') return [{ kind: 'weekday', name: part }]
    if (/^\d+$/.test(part)) return [{ kind: 'entry', number: Number(part) }]
    return [{ kind: 'field', name: part }]
  })
}

function versionCount(config: SiteConfig, area: string, code: string): number {
  const versions = area === 'processes' ? config.processes[code] : config.calendars[code]?.versions
  return versions?.length ?? 0
}

function stageName(configs: readonly SiteConfig[], process: string, stage: string): LocalText {
  const stages = configs.flatMap(
    (config) => config.processes[process]?.flatMap(({ definition }) => definition.stages) ?? [],
  )
  return stages.findLast(({ code }) => code === stage)?.name ?? { en: stage }
}
