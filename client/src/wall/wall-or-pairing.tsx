import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { useLive } from '../live/live-context.ts'
import type { WallConnection } from '../live/open-connection.ts'
import { Wall } from './wall.tsx'
import type { Store } from '../live/store.ts'
import './shown-name.css'

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

/** Overlays everything with the name of this screen, to identify it from a desk. */
function ShownName({ name }: { readonly name: Store<string | undefined> }) {
  const shown = useSyncExternalStore(name.subscribe, name.get)
  if (shown === undefined) return null
  return (
    <p className="shown-name" role="status" data-may-truncate>
      <span>{shown}</span>
    </p>
  )
}
