import type { Scene, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'

/** The current scene. Instants are monotonic ms. */
export interface Rotation {
  readonly scene: Scene
  readonly since: number
  /**
   * Stage of the focus scene: chosen when its turn starts and kept afterwards, so that it does not change while people
   * read.
   */
  readonly stage?: string
  /** A critical breach keeps the focus scene on screen until then. */
  readonly hold?: { readonly until: number; readonly stage: string }
}

const holdMs = 300_000

/** The scenes in the rotation. `hasFocus`: there is a stage that the focus scene could show. */
export function turningScenes(
  { density, scenes }: Pick<ScreenSettings, 'density' | 'scenes'>,
  hasFocus: boolean,
): readonly Scene[] {
  if (density === 'andon') return ['andon']
  const shown = scenes.filter((scene, index) => scenes.indexOf(scene) === index && (scene !== 'stageFocus' || hasFocus))
  return shown.length === 0 ? ['overview'] : shown
}

export function shownForMs(
  scene: Scene,
  scenes: readonly Scene[],
  { firstS, otherS }: ScreenSettings['rotation'],
): number {
  return (scene === scenes[0] ? firstS : otherS) * 1000
}

/** Returns the same object if nothing changes. */
export function turn(
  current: Rotation,
  scenes: readonly Scene[],
  rotation: ScreenSettings['rotation'],
  now: number,
): Rotation {
  const [first = 'overview'] = scenes
  if (!scenes.includes(current.scene)) return { scene: first, since: now }
  if (current.hold !== undefined) {
    if (now < current.hold.until) return current
    return { scene: after(current.scene, scenes), since: now }
  }
  if (now - current.since < shownForMs(current.scene, scenes, rotation)) return current
  // A focus scene without other scenes rotates to itself, so that its stage is chosen again.
  if (scenes.length === 1 && current.scene !== 'stageFocus') return current
  return { scene: after(current.scene, scenes), since: now }
}

/** Sets the stage of the focus scene: a new one with each turn of that scene, or if it has none. */
export function withStage(before: Rotation, next: Rotation, candidate: string | undefined): Rotation {
  const isNewTurn = next.scene === 'stageFocus' && (before.scene !== 'stageFocus' || before.since !== next.since)
  const kept = isNewTurn ? undefined : before.stage
  const stage = next.hold?.stage ?? kept ?? candidate
  if (stage === next.stage) return next
  const { stage: _, ...rest } = next
  return stage === undefined ? rest : { ...rest, stage }
}

/** Handles a critical breach in `stage`: the focus scene stays for five minutes, if it is one of the wall's scenes. */
export function holdFocus(current: Rotation, scenes: readonly Scene[], stage: string, now: number): Rotation {
  if (!scenes.includes('stageFocus')) return current
  const since = current.scene === 'stageFocus' ? current.since : now
  return { scene: 'stageFocus', since, hold: { until: now + holdMs, stage } }
}

function after(scene: Scene, scenes: readonly Scene[]): Scene {
  return scenes[(scenes.indexOf(scene) + 1) % scenes.length] ?? scene
}

type Stages = Pick<Board, 'bottleneck' | 'stageOrder' | 'stages'>

/** The stage of the focus scene: the bottleneck, or else the one with the largest share of overdue orders, if any. */
export function focusStage({ bottleneck, stageOrder, stages }: Stages): string | undefined {
  if (bottleneck !== undefined && bottleneck in stages) return bottleneck
  const share = (code: string): number => {
    const column = stages[code]
    return column === undefined || column.wip === 0 ? 0 : column.overdue / column.wip
  }
  const worst = stageOrder.toSorted((a, b) => share(b) - share(a))[0]
  return worst !== undefined && share(worst) > 0 ? worst : undefined
}
