import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { keepsForever } from '../../live/page-storage.ts'
import { Icon } from '../../components/icon.tsx'
import { BothLanguages } from './both-languages.tsx'
import { PairingCode } from './pairing-code.tsx'
import { PairingSteps } from './pairing-steps.tsx'
import { QrCode } from '../../components/qr-code.tsx'
import { usePairing } from './use-pairing.ts'
import './pairing.css'
import { stopwatch } from '../../format/duration.ts'
import { useTick } from '../../live/use-shown-time.ts'

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
            <Remaining expiresAt={state.expiresAt} />
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

/** @param expiresAt monotonic ms. */
function Remaining({ expiresAt }: { readonly expiresAt: number }) {
  const time = stopwatch(expiresAt - useTick())
  return (
    <p className="pairing__remaining">
      <BothLanguages text="pairing.remaining" values={{ time }} />
    </p>
  )
}
