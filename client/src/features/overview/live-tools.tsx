import { ActionIcon, Button } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { Link2, Maximize, Minimize, Pause, Play } from 'lucide-react'
import { useLiveUpdates } from '../../api/use-live-query.ts'
import { LiveChip } from '../../components/layout/live-chip.tsx'
import { useCharacterShortcuts, useShortcuts } from '../../components/shortcuts/use-shortcuts.ts'
import { useCopy } from '../../components/use-copy.ts'
import styles from './live-tools.module.css'
import { useOverviewText } from './use-overview-text.ts'

const iconSize = 16

/** The age of the data, and actions for the whole view. */
export function LiveTools() {
  const { t } = useOverviewText()
  const { isPaused, setPaused } = useLiveUpdates()
  const { shown, copy, label } = useCopy<HTMLSpanElement>(location.href)
  const pauseText = t(isPaused ? 'overview.resume' : 'overview.pause')
  const [areCharactersOn] = useCharacterShortcuts()
  useShortcuts([{ keys: 'p', text: pauseText, run: () => setPaused(!isPaused) }])
  return (
    <div className={styles['tools']} data-tools>
      <span data-chip>
        <LiveChip />
      </span>
      <ActionIcon
        variant="default"
        size={36}
        data-icon="narrow"
        aria-label={pauseText}
        title={areCharactersOn ? `${pauseText} (P)` : pauseText}
        onClick={() => setPaused(!isPaused)}
      >
        {isPaused ? <Play size={iconSize} aria-hidden /> : <Pause size={iconSize} aria-hidden />}
      </ActionIcon>
      <Button
        variant="default"
        data-icon={label === 'copy.copy' ? 'narrow' : undefined}
        title={t('overview.copyLink')}
        leftSection={<Link2 size={iconSize} aria-hidden />}
        onClick={copy}
      >
        <span data-may-truncate>{t(label === 'copy.copy' ? 'overview.copyLink' : label)}</span>
      </Button>
      {label === 'copy.byHand' && <span ref={shown}>{location.href}</span>}
      {document.fullscreenEnabled && <FullScreenButton />}
    </div>
  )
}

function FullScreenButton() {
  const { t } = useOverviewText()
  const isFull = useSyncExternalStore(onFullScreenChange, () => document.fullscreenElement !== null)
  const [Icon, text] = isFull ? [Minimize, t('overview.leaveFullScreen')] : [Maximize, t('overview.fullScreen')]
  return (
    <ActionIcon
      variant="default"
      size={36}
      className={styles['wide']}
      aria-label={text}
      title={text}
      onClick={() => void toggleFullScreen()}
    >
      <Icon size={iconSize} aria-hidden />
    </ActionIcon>
  )
}

function onFullScreenChange(onChange: () => void): () => void {
  document.addEventListener('fullscreenchange', onChange)
  return () => document.removeEventListener('fullscreenchange', onChange)
}

async function toggleFullScreen(): Promise<void> {
  // If the browser refuses, nothing changes.
  const change =
    document.fullscreenElement === null ? document.documentElement.requestFullscreen() : document.exitFullscreen()
  await change.catch(() => undefined)
}
