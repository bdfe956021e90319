import { useState } from 'react'
import { firstEventCommands } from '../text/first-event.ts'
import { useText } from '../text/use-text.ts'
import { CommandBlock } from './command-block.tsx'

export function FirstEvent({ site }: { readonly site: string }) {
  const { t } = useText()
  const [openedAt] = useState(() => Date.now())
  const { key, event } = firstEventCommands(location.origin, site, openedAt)
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
