/** Not translated. */
export const productName = 'Stagewatch'

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 34 34" aria-hidden>
      <rect x="0" y="20" width="8" height="14" rx="2" />
      <rect x="13" y="0" width="8" height="34" rx="2" />
      <rect x="26" y="12" width="8" height="22" rx="2" />
    </svg>
  )
}
