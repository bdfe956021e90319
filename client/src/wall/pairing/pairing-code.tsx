/** The code in groups, for reading it aloud. */
export function PairingCode({ code }: { readonly code: string }) {
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
