import { useSyncExternalStore } from 'react'
import type { Line } from '../live/open-line.ts'
import { PairingScreen } from './pairing/pairing-screen.tsx'
import { ShownName } from './shown-name.tsx'
import { Wall } from './wall.tsx'

export function WallOrPairing({ isUnpaired, shownName }: Pick<Line, 'isUnpaired' | 'shownName'>) {
  if (useSyncExternalStore(isUnpaired.subscribe, isUnpaired.get)) return <PairingScreen />
  return (
    <>
      <Wall />
      <ShownName name={shownName} />
    </>
  )
}
