import '../live/jitless-zod.ts'
import '../theme/fonts.ts'
import '../theme/dark-tokens.css'
import '../theme/day-tokens.css'
import './wall.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { keepLastBoard, restoreLastBoard } from '../live/last-board.ts'
import { LiveContext } from '../live/live-context.ts'
import { openLine } from '../live/open-line.ts'
import { readWallAddress } from '../live/wall-address.ts'
import { startTexts } from '../text/i18n.ts'
import { loadEveryFont, loadFonts } from '../theme/load-fonts.ts'
import { HeartBeat } from './heart-beat.tsx'
import { shiftPixels } from './pixel-shift.ts'
import { showSettings } from './show-settings.ts'
import { followWindow } from './use-wall-layout.ts'
import { WallOrPairing } from './wall-or-pairing.tsx'

const address = readWallAddress(new URL(location.href), navigator.language)
const build = new URL(import.meta.url).pathname.split('/').at(-1) ?? ''
// A screen shows one board for months: it is never stale by age, and never collected.
const queries = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity, structuralSharing: false } } })
const root = document.querySelector('#root')
if (root === null) throw new Error('wall.html has no #root')

const { live, settings, isUnpaired, shownName } = openLine(address, queries, build)
restoreLastBoard(live, queries)
keepLastBoard(live, queries)
const texts = await startTexts(settings.language)
await loadFonts(JSON.stringify(texts.getResourceBundle(settings.language, 'translation')))
shiftPixels(document.documentElement)
followWindow(document.documentElement)
showSettings(document.documentElement, live.settings)

createRoot(root).render(
  <QueryClientProvider client={queries}>
    <LiveContext value={live}>
      <HeartBeat />
      <WallOrPairing isUnpaired={isUnpaired} shownName={shownName} />
    </LiveContext>
  </QueryClientProvider>,
)
void loadEveryFont()
