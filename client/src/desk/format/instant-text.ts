import type { Language } from '../../text/language.ts'

/** `6/9 14:26`, `9 Jun 14:26`, in the zone of the reader; with the year when it is not this one. */
export function instantText(at: number, now: number, language: Language): string {
  const date = new Date(at)
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
  const otherYear = date.getFullYear() === new Date(now).getFullYear() ? undefined : date.getFullYear()
  if (language === 'zh') {
    const day = `${date.getMonth() + 1}/${date.getDate()}`
    return `${otherYear === undefined ? day : `${otherYear}/${day}`} ${time}`
  }
  const day = `${date.getDate()} ${date.toLocaleString('en-GB', { month: 'short' })}`
  return `${otherYear === undefined ? day : `${day} ${otherYear}`} ${time}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
