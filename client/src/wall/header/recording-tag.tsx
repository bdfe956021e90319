import type { Board } from '@stagewatch/shared/contract/board.ts'
import { calendarDate, timeOfDay } from '../../format/clock-time.ts'
import { useBoard } from '../../live/live-context.ts'
import { outageOf } from '../../live/connection-state.ts'
import { useConnection, useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'

const keys = ['asOf'] as const

interface RecordingTagProps {
  readonly recording: NonNullable<Board['recording']>
  readonly timeZone: string
}

/** Makes clear that the wall shows the past. */
export function RecordingTag({ recording: { from, to, speed }, timeZone }: RecordingTagProps) {
  const { t, language } = useText()
  const { refusal } = outageOf(useConnection().link)
  const { asOf: changedAt = from } = useBoard(keys) ?? {}
  const { serverNow = 0 } = useShownTime()
  // While nothing changes, a recording sends no boards; its heartbeats carry the current position.
  const asOf = Math.max(changedAt, serverNow)
  const span = `${calendarDate(from, timeZone, language)} ${timeOfDay(from, timeZone)}–${timeOfDay(to, timeZone)}`
  return (
    <strong className="header__recording" role="status">
      {t(`recording.${refusal !== undefined ? 'failed' : asOf >= to ? 'ended' : 'running'}`, { speed })}
      <span className="header__recording-span">{span}</span>
    </strong>
  )
}
