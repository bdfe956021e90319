import type { Board } from '@stagewatch/shared/contract/board.ts'
import { calendarDate, timeOfDay } from '../../format/clock-time.ts'
import { useText } from '../../text/use-text.ts'

interface RecordingTagProps {
  readonly recording: NonNullable<Board['recording']>
  /** The instant that is shown, epoch ms. */
  readonly asOf: number
  readonly timeZone: string
}

/** Nobody may take the past for the present. */
export function RecordingTag({ recording: { from, to, speed }, asOf, timeZone }: RecordingTagProps) {
  const { t, language } = useText()
  const span = `${calendarDate(from, timeZone, language)} ${timeOfDay(from, timeZone)}–${timeOfDay(to, timeZone)}`
  return (
    <strong className="header__recording" role="status">
      {t(asOf >= to ? 'recording.ended' : 'recording.running', { speed })}
      <span className="header__recording-span">{span}</span>
    </strong>
  )
}
