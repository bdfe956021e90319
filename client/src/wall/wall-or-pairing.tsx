import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { useLive } from '../live/live-context.ts'
import type { WallConnection } from '../live/open-connection.ts'
import { ShownName } from './shown-name.tsx'
import { Wall } from './wall.tsx'

const loadPairingScreen = () => import('./pairing/pairing-screen.tsx')
// Not needed for the first paint of a paired wall.
const PairingScreen = lazy(async () => ({ default: (await loadPairingScreen()).PairingScreen }))

export function WallOrPairing({ shownName }: Pick<WallConnection, 'shownName'>) {
  const { connection } = useLive()
  // Loaded early, while the server still has the files of this build: a screen may be revoked months later.
  useEffect(() => {
    loadPairingScreen().catch(() => undefined)
  }, [])
  const isUnpaired = useSyncExternalStore(connection.subscribe, () => connection.get().link.status === 'unpaired')
  if (isUnpaired) {
    return (
      <Suspense>
        <PairingScreen />
      </Suspense>
    )
  }
  return (
    <>
      <Wall />
      <ShownName name={shownName} />
    </>
  )
}
