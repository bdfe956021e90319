import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { useEffect } from 'react'
import { useLive } from '../live/live-context.ts'

/** Says which scene is shown, for whoever looks after the screens. */
export function useShownScene(scene: Scene): void {
  const { scene: shown } = useLive()
  useEffect(() => shown.set(scene), [scene, shown])
}
