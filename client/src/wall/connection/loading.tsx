import type { ReactNode } from 'react'
import { outageOf } from '../../live/connection-state.ts'
import { useConnection, useTick } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import './loading.css'

const reasonAfterMs = 8_000

/** The first paint: the layout without numbers, and after eight seconds the reason why there are none. */
export function Loading({ header }: { readonly header: ReactNode }) {
  const { t } = useText()
  const { openedAt, link } = useConnection()
  const { refusal, noWebSocket } = outageOf(link)
  const waitsLong = useTick() - openedAt > reasonAfterMs
  const unreached = noWebSocket === true ? 'notice.noWebSocket' : 'notice.unreachable'
  const reason = t(refusal === undefined ? unreached : `problem.${refusal}`)
  return (
    <div className="stage">
      {header}
      <main className="scene scene--overview loading">
        <div className="loading__band" />
        <div className="panel loading__matrix">
          <p className="loading__text" role="status">
            {t('notice.loading')}
            {waitsLong && <span className="loading__reason">{reason}</span>}
          </p>
        </div>
        <div className="panel loading__list" />
      </main>
    </div>
  )
}
