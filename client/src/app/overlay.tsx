import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, type Dispatch, type SetStateAction } from 'react'
import { useMe } from '../api/session.ts'
import { useShortcuts } from '../components/shortcuts/use-shortcuts.ts'
import { useText } from '../locales/use-text.ts'
import { sidebarItems } from './sidebar-items.ts'

// Apart from what the first page needs.
const loadPalette = () => import('./palette/palette.tsx').then((loaded) => ({ default: loaded.Palette }))
const Palette = lazy(loadPalette)
const ScanDialog = lazy(() => import('./scan-dialog.tsx').then((loaded) => ({ default: loaded.ScanDialog })))
const ShortcutHelp = lazy(() => import('./shortcut-help.tsx').then((loaded) => ({ default: loaded.ShortcutHelp })))

/** What stands above whatever page is open; undefined: nothing. */
export type OverlayName = 'palette' | 'shortcuts' | 'scan' | undefined

interface OverlayProps {
  readonly shown: OverlayName
  readonly onShow: Dispatch<SetStateAction<OverlayName>>
}

/** The palette and the list of shortcuts, and the keys that work on every page. */
export function Overlay({ shown, onShow }: OverlayProps) {
  const { t } = useText()
  const { actions } = useMe()
  const navigate = useNavigate()
  const search = { text: t('shortcuts.search'), run: () => onShow('palette') }
  useShortcuts(
    [
      { keys: 'Mod+k', ...search },
      { keys: '/', ...search },
      { keys: '?', text: t('shortcuts.help'), run: () => onShow('shortcuts') },
      ...sidebarItems.flatMap((item) => {
        if (!('key' in item) || !actions.includes(item.needs)) return []
        const run = (): void => void navigate({ to: item.path })
        return [{ keys: `g ${item.key}`, text: t('shortcuts.goTo', { page: t(item.text) }), run }]
      }),
    ],
    'desk',
  )
  // After the page is drawn, so that nothing is lost of what somebody types at once.
  useEffect(() => void loadPalette().catch(() => undefined), [])
  // A dialog says a moment later that it was closed: another one may be shown by then.
  const close = (name: OverlayName) => () => onShow((now) => (now === name ? undefined : now))
  return (
    <Suspense>
      {shown === 'palette' && <Palette onClose={close('palette')} onShortcuts={() => onShow('shortcuts')} />}
      {shown === 'shortcuts' && <ShortcutHelp onClose={close('shortcuts')} />}
      {shown === 'scan' && <ScanDialog onClose={close('scan')} />}
    </Suspense>
  )
}
