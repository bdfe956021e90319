import { screenSettings, type Screen } from '@stagewatch/shared/contract/screen.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { cleanup, fireEvent, screen as page, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { ScreenEditor } from './screen-editor.tsx'

const hall: Screen = {
  id: 's1',
  name: 'Hall A',
  settings: screenSettings.parse({ language: 'en' }),
  approvedBy: 'ada@example.com',
  pairedAt: 0,
  online: true,
  version: 'v1',
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('an emptied number is asked for and not saved as zero; what is saved names the version that was edited', async () => {
  const saved: { readonly body: string; readonly headers: object }[] = []
  vi.stubGlobal('fetch', (_: string, init: { method: string; body: string; headers: object }) => {
    if (init.method === 'PUT') saved.push(init)
    return Promise.resolve(Response.json({ processes: [], histories: [], defaultProcess: null }))
  })
  const onDone = vi.fn<() => void>()
  const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
  const actions = [...actionsOf('administrator', undefined)]
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions, privacy, sites: [] }}>
      <ScreenEditor screen={hall} asOf={0} onDone={onDone} />
    </MeContext>,
  )
  const seconds = page.getByLabelText<HTMLInputElement>('First scene (seconds)')
  fireEvent.change(seconds, { target: { value: '' } })
  expect(page.getByText('Enter a whole number from 5 to 3,600.').isConnected).toBe(true)
  fireEvent.click(page.getByRole('button', { name: 'Save' }))
  expect(saved).toEqual([])
  expect(onDone).not.toHaveBeenCalled()

  fireEvent.change(seconds, { target: { value: '42' } })
  fireEvent.click(page.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce())
  expect(saved).toHaveLength(1)
  expect(saved[0]).toMatchObject({ headers: { 'if-match': '"v1"' } })
  expect(JSON.parse(saved[0]?.body ?? '')).toMatchObject({
    name: 'Hall A',
    settings: { rotation: { firstS: 42, otherS: 20 }, language: 'en' },
  })
})
