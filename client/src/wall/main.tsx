import '../live/jitless-zod.ts'
import '../theme/fonts.ts'
import '../theme/dark-tokens.css'
import '../theme/day-tokens.css'
import './wall.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { addressedSettings } from '../live/addressed-settings.ts'
import { BoardChannel } from '../live/board-channel.ts'
import { newConnection } from '../live/connection-state.ts'
import { defaultSite } from '../live/default-site.ts'
import { LiveContext } from '../live/live-context.ts'
import { screenKey } from '../live/screen-key.ts'
import { unpairedSettings } from '../live/screen-settings.ts'
import { createStore } from '../live/store.ts'
import { readWallAddress } from '../live/wall-address.ts'
import { startTexts } from '../text/i18n.ts'
import { loadEveryFont, loadFonts } from '../theme/load-fonts.ts'
import { shiftPixels } from './pixel-shift.ts'
import { showSettings } from './show-settings.ts'
import { followWindow } from './use-wall-layout.ts'
import { Wall } from './wall.tsx'

const address = readWallAddress(new URL(location.href), navigator.language)
const key = screenKey(address)
const connection = createStore(newConnection(performance.now()))
const settings = createStore(addressedSettings(new URL(location.href), unpairedSettings(address)))
// A screen shows one board for months: it is never stale by age, and never collected.
const queries = new QueryClient({ defaultOptions: { queries: { gcTime: Infinity, structuralSharing: false } } })
const root = document.querySelector('#root')
if (root === null) throw new Error('wall.html has no #root')

void openChannel()
const texts = await startTexts(address.language)
await loadFonts(JSON.stringify(texts.getResourceBundle(address.language, 'translation')))
shiftPixels(document.documentElement)
followWindow(document.documentElement)
showSettings(document.documentElement, settings)

createRoot(root).render(
  <QueryClientProvider client={queries}>
    <LiveContext value={{ boardId: address.boardId, site: address.site, connection, settings }}>
      <Wall />
    </LiveContext>
  </QueryClientProvider>,
)
void loadEveryFont()

async function openChannel(): Promise<BoardChannel> {
  const site = address.site ?? (await defaultSite())
  return new BoardChannel({ boardId: address.boardId, site, key, queries, connection })
}
