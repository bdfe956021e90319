import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { Icon } from '../../theme/icon.tsx'
import { BothLanguages } from './both-languages.tsx'
import { PairingSteps } from './pairing-steps.tsx'
import { QrCode } from './qr-code.tsx'
import { Remaining } from './remaining.tsx'
import { usePairing } from './use-pairing.ts'
import './pairing.css'

/** A whole screen that asks to be let in: nobody signs in here, somebody with a phone or a computer does. */
export function PairingScreen() {
  const state = usePairing()
  return (
    <main className="pairing">
      <h1 className="pairing__title">
        <Icon name="lock" />
        <BothLanguages text="pairing.title" />
      </h1>
      {state.kind === 'open' ? (
        <section className="pairing__open">
          <div className="pairing__left">
            {/* In two groups, as people read it out to each other. */}
            <p className="pairing__code" translate="no">
              <span>{state.started.userCode.slice(0, 4)}</span>
              <span>{state.started.userCode.slice(5)}</span>
            </p>
            <Remaining expiresAt={state.expiresAt} />
          </div>
          <QrCode text={state.started.verificationUrlComplete} />
        </section>
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
