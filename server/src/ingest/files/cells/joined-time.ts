const excelDay = /^\d{5}(?:[.,]0+)?$/
const excelFraction = /^0?[.,](\d+)$/
const midnight = /[T ]0{1,2}:0{2}(?::0{2}(?:[.,]0+)?)?$/
/** The placeholder date that Access and Excel put before a time of day. */
const dayOfTime = /^(?:1899-12-3[01]|1900-01-0[01]|1970-01-01)[T ](?=\d)/
/** One or two digits are not accepted, because they may be hours or minutes. */
const bareDigits = /^\d{3,6}$/

/** Joins a date and a time of two columns into one text; '' without a date. */
export function joinedTime(date: string, time: string): string {
  if (date === '' || time === '') return date
  const fraction = excelFraction.exec(time)?.[1]
  if (excelDay.test(date) && fraction !== undefined) return `${date.slice(0, 5)}.${fraction}`
  return `${date.replace(midnight, '')} ${timeOfDay(time.replace(dayOfTime, ''))}`
}

/** Reads `140500` and `80500`, as SAP and others write times of day, and Excel's fraction of a day. */
function timeOfDay(time: string): string {
  const fraction = excelFraction.exec(time)?.[1]
  if (fraction !== undefined) return clockText(Math.round(Number(`0.${fraction}`) * 86_400))
  if (!bareDigits.test(time)) return time
  const digits = time.length > 4 ? time.padStart(6, '0') : time.padStart(4, '0')
  return (digits.match(/\d{2}/g) ?? []).join(':')
}

function clockText(seconds: number): string {
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':')
}
