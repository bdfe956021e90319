import type { ReactElement } from 'react'

/** After Lucide (ISC). */
const shapes = {
  screen: (
    <>
      <rect x="2.5" y="4" width="19" height="13" rx="2" />
      <path d="M8 21h8M12 17v4" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="8" r="4" />
      <path d="M2 21v-1.5c0-2.5 2-4.5 4.5-4.5h5c2.5 0 4.5 2 4.5 4.500V21M16.5 4.300a4 4 0 0 1 0 7.400M19 15.300c1.8.6 3 2.3 3 4.200V21" />
    </>
  ),
  key: (
    <>
      <circle cx="7.5" cy="15.5" r="5" />
      <path d="M11 12 20.5 2.500M16.5 6.500l3.5 3.5" />
    </>
  ),
  history: (
    <>
      <path d="M3 12a9 9 0 1 0 2.8-6.500L3 8M3 3v5h5" />
      <path d="M12 7v5.200l3.4 2" />
    </>
  ),
  shield: (
    <>
      <path d="M12 2.5 4 5.500v6c0 5 3.4 8.3 8 10 4.6-1.7 8-5 8-10v-6z" />
      <path d="M8.5 12h7" />
    </>
  ),
  language: (
    <>
      <path d="m5 8 6 6M4 14l6-6 2-3M2 5h12M7 2h1M22 22l-5-10-5 10M14 18h6" />
    </>
  ),
  signOut: (
    <>
      <path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4M16 17l5-5-5-5M21 12H9" />
    </>
  ),
} satisfies Record<string, ReactElement>

export type DeskIconName = keyof typeof shapes

export function DeskIcon({ name }: { readonly name: DeskIconName }) {
  return (
    <svg
      className="desk-icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      {shapes[name]}
    </svg>
  )
}
