import { BothLanguages } from './both-languages.tsx'

const steps = ['pairing.open', 'pairing.compare', 'pairing.approve'] as const

/** @param address where a lead enters the code. */
export function PairingSteps({ address }: { readonly address: string }) {
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
