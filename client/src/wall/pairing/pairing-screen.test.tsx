import { render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useTick } from '../../live/use-shown-time.ts'
import { startTexts } from '../../locales/i18n.ts'
import { PairingScreen } from './pairing-screen.tsx'

const textFiles = import.meta.glob<object>('../../locales/*/{common,errors,wall}.json', { import: 'default' })

beforeEach(async () => {
  await startTexts('en', textFiles)
  // Nothing ticks: the clock of the page is as late as on a busy device.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('never shows more time than a code has, even if the clock of the page is late', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(5_000)
  vi.stubGlobal('fetch', (path: string) => {
    if (path.endsWith('/token')) return new Promise(() => undefined)
    now.mockReturnValue(6_600)
    const started = {
      deviceCode: 'd'.repeat(30),
      userCode: 'BCDF-GHJK',
      verificationUrl: 'http://wall/pair',
      verificationUrlComplete: 'http://wall/pair?code=BCDF-GHJK',
      expiresInS: 600,
      intervalS: 5,
    }
    return Promise.resolve(Response.json(started))
  })
  const shown = new Set<string>()
  const look = (): void => {
    for (const [time] of document.body.innerHTML.matchAll(/\d+:\d\d/g)) shown.add(time)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true })
  // As on the wall, something else ticks already.
  const Clock = () => <i hidden={useTick() < 0} />
  render(
    <>
      <Clock />
      <PairingScreen />
    </>,
  )
  await screen.findByLabelText('BCDF-GHJK')
  expect([...shown]).toEqual(['10:00'])
})
