import { Clock } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../../api/session.ts'
import { offsetIn, offsetName, ownTimeZone } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './time-zone-note.module.css'

/** Explains which times are whose when the time zones of the user and the site differ. */
export function TimeZoneNote() {
  const { t } = useText()
  const { site, sites, timeZone: ofReader = ownTimeZone() } = useMe()
  const [now] = useState(() => Date.now())
  const timeZone = sites.find(({ code }) => code === site)?.timeZone ?? ownTimeZone()
  const [own, ofSite] = [ofReader, timeZone].map((zone) => offsetIn(now, zone))
  if (own === undefined || ofSite === undefined || own === ofSite) return null
  const names = { own: offsetName(own), site: offsetName(ofSite) }
  return (
    <span className={styles['zone']} title={t('timeZone.text', names)}>
      <Clock size={14} aria-hidden />
      {t('timeZone.short', names)}
    </span>
  )
}
