import { useEffect, useState } from 'react'
import { loadStartInfo } from '../../api/start-info.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { firstEventCommands } from '../../components/first-event-commands.ts'
import { useText } from '../../locales/use-text.ts'
import './notice.css'

const minuteMs = 60_000

/** A site without stages: explains how the first one is created. */
export function EmptySite({ site }: { readonly site: string }) {
  const { t } = useText()
  const { serverNow = 0 } = useShownTime()
  const settings = useCommandSettings()
  // Updated once per minute: a command that changes while somebody copies it is hard to read.
  const { key, event } = firstEventCommands(location.origin, site, Math.floor(serverNow / minuteMs) * minuteMs, {
    settings,
  })
  return (
    <section className="notice">
      <h2 className="notice__title">{t('notice.emptyTitle')}</h2>
      <p className="notice__text">{t('notice.emptyText')}</p>
      <pre className="notice__code">{`${key}\n\n${event}`}</pre>
    </section>
  )
}

/** Undefined until the server has answered; without an answer, the commands are shown without them. */
function useCommandSettings(): string | undefined {
  const [settings, setSettings] = useState<string>()
  useEffect(() => {
    const leaving = new AbortController()
    loadStartInfo(leaving.signal)
      .then(({ commandSettings }) => setSettings(commandSettings))
      .catch(() => undefined)
    return () => leaving.abort()
  }, [])
  return settings
}
