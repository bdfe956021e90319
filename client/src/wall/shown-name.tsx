import { useSyncExternalStore } from 'react'
import type { Store } from '../live/store.ts'
import './shown-name.css'

/** Overlays everything with the name of this screen, to identify it from a desk. */
export function ShownName({ name }: { readonly name: Store<string | undefined> }) {
  const shown = useSyncExternalStore(name.subscribe, name.get)
  if (shown === undefined) return null
  return (
    <p className="shown-name" role="status" data-may-truncate>
      <span>{shown}</span>
    </p>
  )
}
