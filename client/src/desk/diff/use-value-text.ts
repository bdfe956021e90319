import { durationParts } from '../../format/duration.ts'
import { useText } from '../../text/use-text.ts'
import { instantText } from '../format/instant-text.ts'
import type { Scalar } from './changed-fields.ts'
import { valueName } from './value-name.ts'

/** A recorded value as people write it: the name of its field says its unit. */
export function useValueText(now: number): (field: string, value: Scalar | undefined) => string {
  const { t, language } = useText()
  return (field, value) => {
    if (value === undefined || value === '') return '—'
    if (typeof value === 'boolean') return t(value ? 'desk.yes' : 'desk.no')
    if (typeof value === 'number') {
      if (field.endsWith('Ms')) {
        return durationParts(value)
          .map((part) => part.value + t(`unit.${part.unit}`))
          .join(' ')
      }
      if (field.endsWith('At') || field === 'validFrom') return instantText(value, now, language)
      if (field.endsWith('Ratio')) return `${Math.round(value * 100)}%`
      return String(value)
    }
    const nameText = (each: string) => {
      const name = valueName(field, each)
      return name === undefined ? each : t(name)
    }
    return typeof value === 'string' ? nameText(value) : value.map(String).map(nameText).join(t('desk.listComma'))
  }
}
