import type { Shift } from '@stagewatch/shared/domain/time/calendar-definition.ts'

const pair = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4]):([0-5]\d)$/

/** Parses shifts: `08:00–12:00, 13:00–17:00`. Undefined: the text is invalid. Empty: a day off. */
export function readShifts(text: string): Shift[] | undefined {
  const parts = text
    .normalize('NFKC')
    .split(/[,;、]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const shifts = parts.flatMap((part): Shift[] => {
    const [, fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = pair.exec(part) ?? []
    if (fromHour === '' || (toHour === '24' && toMinute !== '00')) return []
    return [{ from: `${fromHour.padStart(2, '0')}:${fromMinute}`, to: `${toHour.padStart(2, '0')}:${toMinute}` }]
  })
  return shifts.length === parts.length ? shifts : undefined
}

export function shiftsText(shifts: readonly Shift[] = []): string {
  return shifts.map(({ from, to }) => `${from}–${to}`).join(', ')
}
