import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { renderDesk } from '../components/testing/render-desk.tsx'
import { useDurationText } from './use-duration-text.ts'

afterEach(cleanup)

function Duration({ ms }: { readonly ms: number }) {
  return <p role="timer">{useDurationText()(ms)}</p>
}

it.for([
  [0, '0m'],
  [1, '<1m'],
  [59_999, '<1m'],
  [60_000, '1m'],
  [31 * 3_600_000 + 20 * 60_000, '31h 20m'],
] as const)('%i ms are shown as %s', async ([ms, text]) => {
  await renderDesk(<Duration ms={ms} />)
  expect(screen.getByRole('timer').textContent).toBe(text)
})
