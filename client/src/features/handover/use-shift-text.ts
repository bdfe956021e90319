import { locales } from '@stagewatch/shared/domain/locales.ts'
import { useText } from '../../locales/use-text.ts'

interface Shift {
  /** Epoch ms. */
  readonly start: number
  readonly end: number
}

const style = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const

/** Formats the start and end of a shift in the reader's time zone. */
export function useShiftText(): (shift: Shift) => string {
  const { language } = useText()
  const format = new Intl.DateTimeFormat(locales[language].formatTag, { ...style, hourCycle: 'h23' })
  return ({ start, end }) => format.formatRange(start, end)
}
