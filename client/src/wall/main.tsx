import '../engine/polyfills.ts'
import '../live/jitless-zod.ts'
import '../theme/fonts.ts'
import '../theme/dark-tokens.css'
import '../theme/day-tokens.css'
import './wall.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { hidePointer } from '../live/hide-pointer.ts'
import { keepLastBoard, restoreLastBoard } from '../live/last-board.ts'
import { LiveContext } from '../live/live-context.ts'
import { openConnection } from '../live/open-connection.ts'
import { newQueryClient } from '../api/query-client.ts'
import { readScreenCredentials } from '../live/screen-credentials.ts'
import { readWallAddress } from '../live/wall-address.ts'
import { startTexts } from '../locales/i18n.ts'
import { loadEveryFont, loadFonts } from '../theme/load-fonts.ts'
import { shiftPixels } from './pixel-shift.ts'
import { followWindow } from './use-wall-layout.ts'
import { WallOrPairing } from './wall-or-pairing.tsx'
import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Store } from '../live/store.ts'
import { useEffect } from 'react'
import { useTick } from '../live/use-shown-time.ts'

const textFiles = import.meta.glob<object>('../locales/*/{common,errors,wall}.json', { import: 'default' })
const address = readWallAddress(new URL(location.href), navigator.language)
const build = new URL(import.meta.url).pathname.split('/').at(-1) ?? ''
const queries = newQueryClient()
const root = document.querySelector('#root')
if (root === null) throw new Error('wall.html has no #root')

const { live, settings, shownName } = openConnection(address, queries, build)
restoreLastBoard(live, queries)
keepLastBoard(live, queries)
shiftPixels(document.documentElement)
followWindow(document.documentElement)
showSettings(document.documentElement, live.settings)
hidePointer(document.documentElement, readScreenCredentials() !== undefined)
void show(root)

async function show(place: Element): Promise<void> {
  const texts = await startTexts(settings.language, textFiles)
  await loadFonts(JSON.stringify(texts.getResourceBundle(settings.language, 'translation')))
  createRoot(place).render(
    <QueryClientProvider client={queries}>
      <LiveContext value={live}>
        <Heartbeat />
        <WallOrPairing shownName={shownName} />
      </LiveContext>
    </QueryClientProvider>,
  )
  void loadEveryFont()
}

/** Applies the theme and motion settings to the page. */
function showSettings(page: HTMLElement, current: Store<ScreenSettings>): void {
  const apply = (): void => {
    const { theme, reducedMotion } = current.get()
    page.dataset['theme'] = theme
    page.dataset['motion'] = reducedMotion ? 'reduced' : 'full'
  }
  current.subscribe(apply)
  apply()
}

/** Signals to the page's watchdog that the page has rendered in this second. */
function Heartbeat() {
  const now = useTick()
  useEffect(() => {
    document.documentElement.dataset['beat'] = String(now)
  }, [now])
  return null
}
