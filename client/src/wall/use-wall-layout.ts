import { useSyncExternalStore } from 'react'
import { createStore } from '../live/store.ts'
import { wallLayout, type WallLayout } from './wall-layout.ts'

const layout = createStore(wallLayout(innerWidth, innerHeight))

/** Updates `--u` and `data-layout` of the page when the window is resized. */
export function followWindow(page: HTMLElement): void {
  const follow = (): void => {
    const next = wallLayout(innerWidth, innerHeight)
    page.style.setProperty('--u', `${next.unitPx}px`)
    page.dataset['layout'] = next.kind
    layout.set(next)
  }
  addEventListener('resize', follow)
  follow()
}

export function useWallLayout(): WallLayout {
  return useSyncExternalStore(layout.subscribe, layout.get)
}
