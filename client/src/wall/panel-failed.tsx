import { timeOfDay } from '../format/clock-time.ts'
import { useText } from '../locales/use-text.ts'
import './panel-failed.css'

export interface ShownMoment {
  /** Epoch ms. */
  readonly asOf: number
  readonly timeZone: string
}

interface PanelFailedProps {
  /** Its place in the grid of the scene. */
  readonly area: string
  /** Of when the last picture is that the panel still shows; undefined: it shows none. */
  readonly stoppedAt: ShownMoment | undefined
}

/** Over a panel that has stopped: since when. */
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
