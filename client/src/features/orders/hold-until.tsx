import { Button } from '@mantine/core'
import { isHoldEnd, holdEndWords } from '@stagewatch/shared/contract/event-limits.ts'
import { failing } from '@stagewatch/shared/contract/field-issue.ts'
import { useState } from 'react'
import { z } from 'zod'
import { useSiteTimeZone } from '../../api/session.ts'
import { serverTime } from '../../api/server-time.ts'
import layout from '../../components/layout/layout.module.css'
import { instantText } from '../../format/instant-text.ts'
import { clockTimeIn, instantIn } from '../../format/site-clock.ts'
import { offsetIn, offsetName, ownTimeZone } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import { ClockField, type ClockFieldProps } from '../../components/form/clock-field.tsx'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Parses the end of a hold: a time in the site's time zone, or empty. Yields epoch ms; undefined: no planned end. */
export function holdEndSchema(timeZone: string) {
  return z
    .string()
    .transform((text) => (text === '' ? undefined : (instantIn(text, timeZone) ?? Number.NaN)))
    .refine((until) => isHoldEnd(until, serverTime(Date.now())), failing('out_of_order', holdEndWords))
}

interface HoldUntilProps extends Pick<ClockFieldProps, 'value' | 'onChange' | 'error' | 'name'> {
  readonly onPick: (text: string) => void
  /** The latest end that the reason allows, epoch ms; an end is then required. Undefined: any time. */
  readonly latestAt?: number | undefined
}

/** The end of a hold, with buttons for the usual ends. */
export function HoldUntil({ onPick, error, latestAt, ...input }: HoldUntilProps) {
  const { t, language } = useText()
  const timeZone = useSiteTimeZone()
  const isWrong = error !== undefined && error !== null && error !== false
  const [now] = useState(() => serverTime(Date.now()))
  const offsets = [timeZone, ownTimeZone()].map((zone) => offsetIn(now, zone))
  const latestText =
    latestAt === undefined ? undefined : t('order.until.latest', { time: instantText(latestAt, now, language) })
  return (
    <div>
      <ClockField
        {...input}
        error={isWrong && (latestText ?? t('order.until.wrong'))}
        kind="datetime"
        label={t('order.until.field')}
        description={
          offsets[0] !== undefined && offsets[0] !== offsets[1]
            ? t('order.until.zone', { zone: offsetName(offsets[0]) })
            : isWrong
              ? undefined
              : latestText
        }
        min={clockTimeIn(now + minuteMs, timeZone)}
      />
      <div className={layout['row']}>
        {usualEnds(now, timeZone, latestAt).map(({ name, at }) => (
          <Button
            key={name}
            variant="subtle"
            size="compact-xs"
            onClick={() => onPick(at === undefined ? '' : clockTimeIn(at, timeZone))}
          >
            {t(`order.until.${name}`)}
          </Button>
        ))}
      </div>
    </div>
  )
}

/**
 * The usual ends of a hold. Undefined: until somebody resumes the order.
 * @param latestAt omits later ends and the open end.
 */
export function usualEnds(now: number, timeZone: string, latestAt = Infinity) {
  const morning = (days: number): number | undefined =>
    instantIn(`${clockTimeIn(now + days * dayMs, timeZone).slice(0, 10)}T08:00`, timeZone)
  const ends = [
    { name: 'hours', at: Math.ceil((now + 4 * hourMs) / minuteMs) * minuteMs },
    { name: 'tomorrow', at: morning(1) },
    { name: 'week', at: morning(7) },
    { name: 'open', at: undefined },
  ] as const
  return ends.filter(({ at = Infinity }) => at <= latestAt)
}
