import { act, cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { renderDesk } from '../testing/render-desk.tsx'
import { ShortcutHint } from './key-caps.tsx'
import { listShortcuts, useCharacterShortcuts, useShortcuts } from './use-shortcuts.ts'

const ran: string[] = []

afterEach(() => {
  cleanup()
  ran.length = 0
  localStorage.clear()
})

function named(...keys: readonly string[]) {
  return (where: string) => keys.map((each) => ({ keys: each, text: each, run: () => ran.push(`${where} ${each}`) }))
}

function Desk({ hasPage }: { readonly hasPage: boolean }) {
  useShortcuts(named('/', 'Mod+k', 'g o', 'g l')('desk'), 'desk')
  const [areOn, setOn] = useCharacterShortcuts()
  return (
    <>
      {hasPage && <Page />}
      <input aria-label="field" />
      <input aria-label="box" type="checkbox" checked={areOn} onChange={() => setOn(!areOn)} />
      <ShortcutHint keys="j" />
    </>
  )
}

function Page() {
  useShortcuts(named('j', 'o', '/', 'Escape', 'Enter')('page'))
  return <button type="button">press</button>
}

function press(key: string, options: KeyboardEventInit = {}, on: Element = document.body): void {
  fireEvent.keyDown(on, { key, ...options })
}

/** Presses a key at a given time of the page, ms. */
function pressAt(at: number, key: string): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true })
  Object.defineProperty(event, 'timeStamp', { value: at })
  document.body.dispatchEvent(event)
}

it('runs listed shortcuts, those of the page before the global ones', async () => {
  await renderDesk(<Desk hasPage />)
  expect(listShortcuts().map(({ scope, keys }) => `${scope} ${keys}`)).toEqual([
    'page j',
    'page o',
    'page /',
    'page Escape',
    'page Enter',
    'desk Mod+k',
    'desk g o',
    'desk g l',
  ])
  for (const key of ['j', 'J', '/', 'Escape', 'Enter', 'x']) press(key)
  press('k', { ctrlKey: true })
  expect(ran).toEqual(['page j', 'page j', 'page /', 'page Escape', 'page Enter', 'desk Mod+k'])
})

it('releases the key to the global shortcut when the page unmounts', async () => {
  await renderDesk(<Desk hasPage={false} />)
  for (const key of ['j', '/']) press(key)
  expect(ran).toEqual(['desk /'])
})

it('treats two consecutive keys as a sequence, unless the second comes late', async () => {
  await renderDesk(<Desk hasPage />)
  press('g')
  press('l')
  press('g')
  press('o')
  // On its own, the key is a different shortcut.
  press('o')
  press('g')
  press('j')
  press('l')
  pressAt(1_000, 'g')
  pressAt(2_400, 'l')
  pressAt(3_000, 'g')
  pressAt(4_600, 'l')
  expect(ran).toEqual(['desk g l', 'desk g o', 'page o', 'page j', 'desk g l'])
})

it('ignores keys in text fields, and those with another meaning', async () => {
  await renderDesk(<Desk hasPage />)
  const field = screen.getByLabelText('field')
  for (const key of ['j', '/', 'Escape', 'Enter']) press(key, {}, field)
  press('Enter', {}, screen.getByText('press'))
  press('j', { altKey: true })
  press('j', { ctrlKey: true })
  press('j', { isComposing: true })
  expect(ran).toEqual([])
  press('k', { ctrlKey: true }, field)
  press('j', {}, screen.getByLabelText('box'))
  expect(ran).toEqual(['desk Mod+k', 'page j'])
})

it('ignores single-character shortcuts when they are disabled in this browser', async () => {
  await renderDesk(<Desk hasPage />)
  expect(screen.getByText('J')).toBeDefined()
  act(() => screen.getByLabelText('box').click())
  expect(screen.queryByText('J')).toBeNull()
  expect(listShortcuts().map(({ keys }) => keys)).toEqual(['Escape', 'Enter', 'Mod+k'])
  for (const key of ['j', '/', 'g', 'o', 'Escape']) press(key)
  expect(ran).toEqual(['page Escape'])
})
