import { sql } from 'drizzle-orm'
import { customType, text, timestamp } from 'drizzle-orm/pg-core'

/** An instant: epoch ms in code, including ±Infinity. */
export const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (atMs) => sql`to_timestamp(${atMs}::float8 / 1000.0)`,
  fromDriver: parseInstant,
})

export const now = sql`now()`

/** An instant that better-auth also reads and writes, which only supports dates. */
export const authInstant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** First column of every key, so that data of different sites is separated. */
export const site = () => text('site').notNull()

const written = /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/

/** @param at In PostgreSQL's ISO style, in the time zone of the session. */
function parseInstant(at: string): number {
  if (at === 'infinity') return Infinity
  if (at === '-infinity') return -Infinity
  const [, year, month, day, hour, minute, second, fraction = '', sign, ...offset] = written.exec(at) ?? []
  if (year === undefined) throw new Error(`the database has sent an instant that cannot be read: ${at}`)
  const local = new Date(0)
  local.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  local.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0')))
  const [hours = '0', minutes = '0', seconds = '0'] = offset
  const offsetMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return local.getTime() + (sign === '-' ? offsetMs : -offsetMs)
}
