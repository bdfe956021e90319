import { roles } from '@stagewatch/shared/domain/access/action.ts'
import type { Scalar } from '@stagewatch/shared/domain/changed-fields.ts'
import { isLanguage, locales } from '@stagewatch/shared/domain/locales.ts'
import { durationParts } from '../../format/duration.ts'
import { formatCount, formatPercent } from '../../format/quantity.ts'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'

/** Formats a recorded value; the name of its field determines the unit. */
export function useValueText(now: number): (field: string, value: Scalar | undefined) => string {
  const { t, language } = useText()
  return (field, value) => {
    if (value === undefined || value === '') return '—'
    if (typeof value === 'boolean') return t(value ? 'desk.yes' : 'desk.no')
    if (typeof value === 'number') {
      if (field.endsWith('Ms')) {
        return durationParts(value, language)
          .map((part) => part.value + t(`unit.${part.unit}`))
          .join(' ')
      }
      if (field.endsWith('At') || field === 'validFrom') return instantText(value, now, language)
      if (field.endsWith('Ratio')) return formatPercent(value, language)
      return formatCount(value, language)
    }
    const nameText = (each: string) => {
      if (field === 'language' && isLanguage(each)) return locales[each].name
      const name = valueName(field, each)
      return name === undefined ? each : t(name)
    }
    return typeof value === 'string' ? nameText(value) : value.map(String).map(nameText).join(t('listComma'))
  }
}

const privacyValues = {
  shown: 'value.shown',
  masked: 'value.masked',
  hidden: 'value.hidden',
  team: 'value.team',
} as const
const scopes = { ingest: 'scope.ingest', read: 'scope.read', admin: 'scope.admin' } as const
const scenes = {
  overview: 'screen.scene.overview',
  stageFocus: 'screen.scene.stageFocus',
  andon: 'screen.scene.andon',
} as const

/** Text keys for the values of fields that have named values. */
const valueNames = {
  customers: privacyValues,
  amounts: privacyValues,
  people: privacyValues,
  scopes,
  scenes,
  severity: {
    critical: 'alerts.severity.critical',
    warning: 'alerts.severity.warning',
    info: 'alerts.severity.info',
  },
  board: { overview: 'screen.usualProcess' },
  theme: { dark: 'screen.dark', day: 'screen.day' },
  density: { standard: 'density.standard', andon: 'density.andon' },
  offShift: {
    on: 'screen.off.on',
    dim: 'screen.off.dim',
    kpi: 'screen.off.kpi',
    blank: 'screen.off.blank',
  },
} as const

type Names = (typeof valueNames)[keyof typeof valueNames]
type NameKey = Names extends infer Each ? (Each extends object ? Each[keyof Each] : never) : never

/** Key of the text of a value with a name in both languages. Undefined: the value is shown as it is. */
function valueName(field: string, value: string) {
  const role = roles.find((each) => field === 'role' && each === value)
  if (role !== undefined) return `role.${role}` as const
  if (!isKeyOf(valueNames, field)) return undefined
  const names: Readonly<Record<string, NameKey>> = valueNames[field]
  return Object.hasOwn(names, value) ? names[value] : undefined
}

function isKeyOf<Keyed extends object>(keyed: Keyed, key: string): key is Extract<keyof Keyed, string> {
  return Object.hasOwn(keyed, key)
}
