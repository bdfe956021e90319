import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Info, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { serverTime } from '../api/server-time.ts'
import { useMe } from '../api/session.ts'
import { newerVersionQuery, versionsQuery } from '../api/versions.ts'
import { formatCount } from '../format/quantity.ts'
import { useText } from '../locales/use-text.ts'
import styles from './version-notices.module.css'

/** An upgrade is news for this long. */
const newsForMs = 14 * 86_400_000

/** Says that the page is older than the server, and to administrators what is being upgraded and what has been. */
export function VersionNotices() {
  const { actions } = useMe()
  const [isPutOff, setPutOff] = useState<string>()
  const newer = useQuery(newerVersionQuery()).data ?? undefined
  if (newer !== undefined && newer !== isPutOff)
    return <NewerVersion version={newer} onLater={() => setPutOff(newer)} />
  return actions.includes('site.manage') ? <UpgradeNotice /> : null
}

/** The page is never reloaded by itself, because somebody may be typing. */
function NewerVersion({ version, onLater }: { readonly version: string; readonly onLater: () => void }) {
  const { t } = useText()
  return (
    <Notice text={t('versions.newer', { version })}>
      <Button size="xs" onClick={() => location.reload()}>
        {t('versions.reload')}
      </Button>
      <Button size="xs" variant="default" onClick={onLater}>
        {t('versions.later')}
      </Button>
    </Notice>
  )
}

function UpgradeNotice() {
  const { t, language } = useText()
  const { site } = useMe()
  const { data } = useQuery(versionsQuery(site))
  const [closed, setClosed] = useState<string>()
  const [openedAt] = useState(() => serverTime(Date.now()))
  if (data === undefined) return null
  const { version, running, upgrade } = data
  const mark = `stagewatch.upgraded ${version}`
  if (running.length > 1) {
    const counts = running.map((each) =>
      t('versions.running', { count: each.count, shown: formatCount(each.count, language), version: each.version }),
    )
    return (
      <Notice text={t('versions.mixed', { running: counts.join(t('desk.listComma')) })}>
        <Link to="/status">{t('versions.toStatus')}</Link>
      </Notice>
    )
  }
  const isNews = upgrade !== undefined && openedAt - upgrade.at < newsForMs
  if (!isNews || closed === mark || wasClosed(mark)) return null
  const close = (): void => {
    remember(mark)
    setClosed(mark)
  }
  return (
    <Notice text={t('versions.upgraded', { from: upgrade.from, version })}>
      <Link to="/status" hash="whats-new" onClick={close}>
        {t('versions.whatsNew')}
      </Link>
      <button className={styles['close']} type="button" aria-label={t('desk.close')} onClick={close}>
        <X size={16} aria-hidden />
      </button>
    </Notice>
  )
}

function Notice({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <div className={styles['notice']} role="status" data-floats>
      <Info size={16} aria-hidden />
      <span className={styles['text']}>{text}</span>
      {children}
    </div>
  )
}

/** Where the browser stores nothing, the notice comes back with the next page load. */
function remember(mark: string): void {
  try {
    localStorage.setItem(mark, '')
  } catch {
    // Closed for now.
  }
}

function wasClosed(mark: string): boolean {
  try {
    return localStorage.getItem(mark) !== null
  } catch {
    return false
  }
}
