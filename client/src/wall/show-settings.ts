import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Store } from '../live/store.ts'

/** Keeps theme and motion of the page as the settings have them. */
export function showSettings(page: HTMLElement, settings: Store<ScreenSettings>): void {
  const show = (): void => {
    const { theme, reducedMotion } = settings.get()
    page.dataset['theme'] = theme
    page.dataset['motion'] = reducedMotion ? 'reduced' : 'full'
  }
  settings.subscribe(show)
  show()
}
