import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, type Dispatch, type SetStateAction } from 'react'
import { useMe } from '../api/session.ts'
import { useShortcuts } from '../components/shortcuts/use-shortcuts.ts'
import { useText } from '../locales/use-text.ts'
import { sidebarItems } from './sidebar-items.ts'

// Loaded lazily, because the first page does not need it.
const loadPalette = () => import('./palette/palette.tsx').then((loaded) => ({ default: loaded.Palette }))
const Palette = lazy(loadPalette)
const ScanDialog = lazy(() => import('./scan-dialog.tsx').then((loaded) => ({ default: loaded.ScanDialog })))
const ShortcutHelp = lazy(() => import('./shortcut-help.tsx').then((loaded) => ({ default: loaded.ShortcutHelp })))

/** The overlay above the current page. Undefined: none. */
export type OverlayName = 'palette' | 'shortcuts' | 'scan' | undefined

interface OverlayProps {
  readonly shown: OverlayName
  readonly onShow: Dispatch<SetStateAction<OverlayName>>
}

/** The palette, the list of shortcuts, and the shortcuts that work on every page. */
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
  // Preloads the palette after the first render, so that no key is lost when somebody opens it and types at once.
  useEffect(() => void loadPalette().catch(() => undefined), [])
  // A dialog reports its closing with a delay; another overlay may be open by then.
  const close = (name: OverlayName) => () => onShow((now) => (now === name ? undefined : now))
  return (
    <Suspense>
      {shown === 'palette' && <Palette onClose={close('palette')} onShortcuts={() => onShow('shortcuts')} />}
      {shown === 'shortcuts' && <ShortcutHelp onClose={close('shortcuts')} />}
      {shown === 'scan' && <ScanDialog onClose={close('scan')} />}
    </Suspense>
  )
}
