import { screenSettings, type ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { WallAddress } from './wall-address.ts'

/** Settings of an unpaired wall: board and language come from its address, the rest are defaults. */
export function unpairedSettings({ boardId, language }: Pick<WallAddress, 'boardId' | 'language'>): ScreenSettings {
  return { ...screenSettings.parse({}), board: boardId, language }
}

/**
 * The settings with the overrides from the wall's address, for trying them out:
 * `?theme=day&density=andon&scenes=overview,andon&firstS=45&otherS=20&offShift=dim`. Invalid values are ignored.
 */
export function addressedSettings(url: URL, settings: ScreenSettings): ScreenSettings {
  const query = url.searchParams
  const text = (name: string) => query.get(name) ?? undefined
  const changes: readonly Partial<Record<keyof ScreenSettings, unknown>>[] = [
    { theme: text('theme') },
    { density: text('density') },
    { scenes: text('scenes')?.split(',') },
    { rotation: { ...settings.rotation, ...seconds('firstS'), ...seconds('otherS') } },
    { offShift: text('offShift') },
    { chime: flag('chime') },
    { reducedMotion: flag('reducedMotion') },
    { contact: text('contact') },
  ]
  let known = settings
  for (const change of changes) {
    if (Object.values(change).includes(undefined)) continue
    known = screenSettings.safeParse({ ...known, ...change }).data ?? known
  }
  return known

  function flag(name: string): boolean | undefined {
    return query.has(name) ? query.get(name) !== 'false' : undefined
  }

  function seconds(name: string): Record<string, number> {
    return query.has(name) ? { [name]: Number(query.get(name)) } : {}
  }
}
