import { useEffect, useState } from 'react'
import { openInPlace } from '../../live/page-storage.ts'
import { saveScreenCredentials } from '../../live/screen-credentials.ts'
import { runPairing, type PairingState } from './run-pairing.ts'

/** Pairs this screen. Once it is paired, the page restarts with its new credentials. */
export function usePairing(): PairingState {
  const [state, setState] = useState<PairingState>({ kind: 'asking' })
  useEffect(() => {
    const ending = new AbortController()
    void pair(setState, ending.signal)
    return () => ending.abort()
  }, [])
  return state
}

async function pair(show: (state: PairingState) => void, signal: AbortSignal): Promise<void> {
  const done = await runPairing(show, signal)
  if (done === undefined) return
  saveScreenCredentials({ token: done.token, self: done.screen })
  // From now on, the settings override the other parameters of the address.
  openInPlace('/wall')
}
