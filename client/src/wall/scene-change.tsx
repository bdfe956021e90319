import type { Scene } from '@stagewatch/shared/contract/screen.ts'
import { useEffect, useState, type ReactNode } from 'react'
import { useScreenSettings } from '../live/live-context.ts'

const fadeMs = 500

interface SceneChangeProps {
  readonly scene: Scene
  readonly renderScene: (scene: Scene) => ReactNode
}

/** Fades from one scene to the next, then unmounts the old one including its charts. */
export function SceneChange({ scene, renderScene }: SceneChangeProps) {
  const { reducedMotion } = useScreenSettings()
  const [shown, setShown] = useState<{ scene: Scene; leaving: Scene | undefined }>({ scene, leaving: undefined })
  if (shown.scene !== scene) setShown({ scene, leaving: isStill(reducedMotion) ? undefined : shown.scene })
  const { leaving } = shown
  useEffect(() => {
    if (leaving === undefined) return
    const timer = setTimeout(() => setShown({ scene, leaving: undefined }), fadeMs)
    return () => clearTimeout(timer)
  }, [scene, leaving])
  return (
    <>
      {leaving && (
        <div key={leaving} className={`scene scene--${leaving} scene--leaving`} aria-hidden>
          {renderScene(leaving)}
        </div>
      )}
      <main key={scene} className={`scene scene--${scene}${leaving ? ' scene--entering' : ''}`}>
        {renderScene(scene)}
      </main>
    </>
  )
}

function isStill(setting: boolean): boolean {
  return setting || matchMedia('(prefers-reduced-motion: reduce)').matches
}
