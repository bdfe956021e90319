import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { keepsForever, openInPlace } from '../../live/page-storage.ts'
import { Icon } from '../../components/icon.tsx'
import { BothLanguages } from './both-languages.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import './pairing.css'
import { stopwatch } from '../../format/duration.ts'
import { useTick } from '../../live/use-shown-time.ts'
import { useEffect, useState } from 'react'
import { saveScreenCredentials } from '../../live/screen-credentials.ts'
import { runPairing, type PairingState } from './run-pairing.ts'

/** A full-screen request to pair this screen: nobody signs in here; somebody approves it from a phone or a computer. */
export function PairingScreen() {
  const state = usePairing()
  return (
    <main className="pairing">
      <h1 className="pairing__title">
        <Icon name="lock" />
        <BothLanguages text="pairing.title" />
      </h1>
      {state.kind === 'open' ? (
        <>
          <section className="pairing__open">
            <PairingCode code={state.started.userCode} />
            <Remaining expiresAt={state.expiresAt} validMs={state.started.expiresInS * 1_000} />
            {!keepsForever() && (
              <p className="pairing__remaining">
                <BothLanguages text="pairing.forgets" />
              </p>
            )}
          </section>
          <QrCode text={state.started.verificationUrlComplete} label={state.started.verificationUrlComplete} />
        </>
      ) : (
        <section className="pairing__wait" role="status">
          <BothLanguages text={state.kind === 'asking' ? 'pairing.asking' : whyNot(state.code)} />
        </section>
      )}
      <PairingSteps address={state.kind === 'open' ? state.started.verificationUrl : `${location.origin}/pair`} />
    </main>
  )
}

function whyNot(code: ProblemCode | undefined) {
  return code === undefined ? 'notice.unreachable' : (`problem.${code}` as const)
}

/**
 * @param expiresAt monotonic ms.
 * @param validMs the validity of a new code. The last tick may precede the code, which would give more.
 */
function Remaining({ expiresAt, validMs }: { readonly expiresAt: number; readonly validMs: number }) {
  const time = stopwatch(Math.min(validMs, expiresAt - useTick()))
  return (
    <p className="pairing__remaining">
      <BothLanguages text="pairing.remaining" values={{ time }} />
    </p>
  )
}

/** The code in groups, for reading it aloud. */
function PairingCode({ code }: { readonly code: string }) {
  return (
    <p className="pairing__code" translate="no" aria-label={code}>
      {code.split('-').map((group) => (
        <span key={group} className="pairing__group">
          {Array.from(group, (letter, place) => ({ letter, place })).map(({ letter, place }) => (
            <span key={place} className="pairing__letter">
              {letter}
            </span>
          ))}
        </span>
      ))}
    </p>
  )
}

const steps = ['pairing.open', 'pairing.compare', 'pairing.approve'] as const

/** @param address where a lead enters the code. */
function PairingSteps({ address }: { readonly address: string }) {
  return (
    <ol className="pairing__steps">
      {steps.map((step, index) => (
        <li key={step} className="pairing__step">
          <span className="pairing__number">{index + 1}</span>
          <BothLanguages text={step} values={{ address: address.replace(/^https?:\/\//, '') }} />
        </li>
      ))}
    </ol>
  )
}

/** Pairs this screen. Once it is paired, the page restarts with its new credentials. */
function usePairing(): PairingState {
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
