import { failureCauses } from '@stagewatch/shared/contract/message-log.ts'
import type { MessageAttempt } from '@stagewatch/shared/contract/message-log.ts'
import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { AttemptText } from './attempt-text.tsx'

afterEach(cleanup)

const at = Date.UTC(2026, 10, 27, 12)
const refused: MessageAttempt = { at, result: 'refused', merged: 1, status: 200 }

it('explains a refusal, and shows the code and the words of the provider', async () => {
  const attempt = { ...refused, cause: 'keyword', code: '310000', reason: 'keywords not in content' } as const
  await renderDesk(<AttemptText attempt={attempt} asOf={at} />)
  await screen.findByText(/one of its keywords/)
  expect(screen.getByText(/Code 310000/)).toBeTruthy()
  expect(screen.getByText('keywords not in content')).toBeTruthy()
})

it('explains a failure of the connection once', async () => {
  const attempt = { ...refused, cause: 'timeout', reason: 'it did not answer in time' } as const
  await renderDesk(<AttemptText attempt={attempt} asOf={at} />)
  await screen.findByText('No response in time.')
  expect(screen.queryByText('it did not answer in time')).toBeNull()
})

it.each(failureCauses)('has a text for the cause %s', async (cause) => {
  await renderDesk(<AttemptText attempt={{ ...refused, cause }} asOf={at} />)
  await screen.findByText(/Refused/)
  expect(document.body.textContent).not.toContain('channels.cause')
})
