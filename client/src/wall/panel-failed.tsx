import type { Board } from '@stagewatch/shared/contract/board.ts'
import { timeOfDay } from '../format/clock-time.ts'
import { useText } from '../text/use-text.ts'
import './panel-failed.css'

interface PanelFailedProps {
  readonly area: string
  /** What the panel still shows; undefined: nothing. */
  readonly last: Board | undefined
}

/** Over a panel that has stopped: since when. */
export function PanelFailed({ area, last }: PanelFailedProps) {
  const { t } = useText()
  return (
    <section className="panel-failed" style={{ gridArea: area }} role="status">
      <p className="panel-failed__words" data-may-truncate>
        {last ? t('notice.panelStopped', { time: timeOfDay(last.asOf, last.site.timeZone) }) : t('notice.panelFailed')}
      </p>
    </section>
  )
}
