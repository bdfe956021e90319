import type { ReactElement } from 'react'

const shapes = {
  clock: (
    <>
      <circle cx="12" cy="12" r="9.5" />
      <path d="M12 6.8V12l3.4 2" />
    </>
  ),
  person: (
    <>
      <circle cx="12" cy="8" r="4.2" />
      <path d="M4.2 21v-1.6c0-3 2.2-5 5.2-5h5.2c3 0 5.2 2 5.2 5V21" />
    </>
  ),
  unclaimed: (
    <>
      <circle cx="12" cy="8" r="4.2" />
      <path d="M4.2 21v-1.6c0-3 2.2-5 5.2-5h5.2c3 0 5.2 2 5.2 5V21M3 2.5 21 21.5" />
    </>
  ),
  cut: (
    <>
      <path d="m1.8 22.2 4.4-4.4M17.8 6.2l4.4-4.4M7 10.2l6.8 6.8-2.2 2.2a4.8 4.8 0 0 1-6.8-6.8zM17 13.8 10.2 7l2.2-2.2a4.8 4.8 0 0 1 6.8 6.8z" />
      <path d="m10.6 10.4-2-2M15.6 15.4l-2-2" />
    </>
  ),
  lock: (
    <>
      <rect x="4" y="10.5" width="16" height="11" rx="2.5" />
      <path d="M7.5 10.5V7a4.5 4.5 0 0 1 9 0v3.5" />
    </>
  ),
} satisfies Record<string, ReactElement>

export function Icon({ name }: { readonly name: keyof typeof shapes }) {
  return (
    <svg
      className={`icon icon--${name}`}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      {shapes[name]}
    </svg>
  )
}
