import { timeOfDay } from '../format/clock-time.ts'
import { useText } from '../locales/use-text.ts'
import './panel-failed.css'

export interface ShownMoment {
  /** Epoch ms. */
  readonly asOf: number
  readonly timeZone: string
}

interface PanelFailedProps {
  /** Grid area in the scene. */
  readonly area: string
  /** Time of the last picture, which the panel still shows. Undefined if it shows none. */
  readonly stoppedAt: ShownMoment | undefined
}

/** Overlays a failed panel and shows since when it has failed. */
export function PanelFailed({ area, stoppedAt }: PanelFailedProps) {
  const { t } = useText()
  return (
    <section className="panel-failed" style={{ gridArea: area }} role="status">
      <p className="panel-failed__words" data-may-truncate>
        {stoppedAt === undefined
          ? t('notice.panelFailed')
          : t('notice.panelStopped', { time: timeOfDay(stoppedAt.asOf, stoppedAt.timeZone) })}
      </p>
    </section>
  )
}
