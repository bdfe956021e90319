import { useState } from 'react'
import { serverTime } from '../api/server-time.ts'
import { firstEventCommands } from '../components/first-event-commands.ts'
import { useCopy } from '../components/use-copy.ts'
import { useText } from '../locales/use-text.ts'

interface FirstEventProps {
  readonly site: string
  /** See `commandSettings` of `StartInfo`. */
  readonly settings: string | undefined
}

export function FirstEvent({ site, settings }: FirstEventProps) {
  const { t } = useText()
  const [openedAt] = useState(() => serverTime(Date.now()))
  const { key, event } = firstEventCommands(location.origin, site, openedAt, { settings })
  return (
    <section>
      <h2 className="section-title">{t('start.firstEvent')}</h2>
      <ol className="card steps">
        <li>
          <p className="steps__text">{t('start.keyStep')}</p>
          <CommandBlock command={key} />
        </li>
        <li>
          <p className="steps__text">{t('start.eventStep')}</p>
          <CommandBlock command={event} />
        </li>
      </ol>
    </section>
  )
}

/** A command with a button that copies it. */
function CommandBlock({ command }: { readonly command: string }) {
  const { t } = useText()
  const { shown, copy, label } = useCopy<HTMLPreElement>(command)
  return (
    <div className="command">
      <pre className="command__text" ref={shown}>
        {command}
      </pre>
      <button type="button" className="button command__copy" onClick={copy}>
        {t(label)}
      </button>
    </div>
  )
}
