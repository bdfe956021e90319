import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks'
import { useLayoutEffect, useRef } from 'react'
import { isCharacterShortcut, shortcutKey } from './key-press.ts'

export interface Shortcut {
  /** `j`, `?`, `Escape`; `g o`: one after the other; `Mod+k`: with Ctrl, or ⌘ on a Mac. */
  readonly keys: string
  /** Description in the page's language, for the list of shortcuts. */
  readonly text: string
  readonly run: () => void
}

/** `page`: shortcuts of the current page, which take precedence over those of the desk. */
type Scope = 'page' | 'desk'

interface Group {
  readonly scope: Scope
  shortcuts: readonly Shortcut[]
}

/** The shortcuts of all mounted components. */
const groups = new Set<Group>()

/** Registers shortcuts while the component is mounted. */
export function useShortcuts(shortcuts: readonly Shortcut[], scope: Scope = 'page'): void {
  const group = useRef<Group>(undefined)
  useLayoutEffect(() => {
    const added: Group = { scope, shortcuts: [] }
    group.current = added
    groups.add(added)
    if (groups.size === 1) document.addEventListener('keydown', handleKey)
    return () => {
      groups.delete(added)
      if (groups.size === 0) document.removeEventListener('keydown', handleKey)
    }
  }, [scope])
  useLayoutEffect(() => {
    if (group.current !== undefined) group.current.shortcuts = shortcuts
  })
}

/** The active shortcuts, those of the page first. */
export function listShortcuts(): readonly (Shortcut & { readonly scope: Scope })[] {
  const areCharactersOn = readLocalStorageValue(characterSetting)
  const found = new Map<string, Shortcut & { readonly scope: Scope }>()
  for (const scope of ['page', 'desk'] as const) {
    const shortcuts = [...groups].flatMap((group) => (group.scope === scope ? group.shortcuts : []))
    for (const shortcut of shortcuts) {
      const isOn = areCharactersOn || !isCharacterShortcut(shortcut.keys)
      if (isOn && !found.has(shortcut.keys)) found.set(shortcut.keys, { ...shortcut, scope })
    }
  }
  return [...found.values()]
}

const characterSetting = {
  key: 'stagewatch-character-shortcuts',
  defaultValue: true,
  getInitialValueInEffect: false,
}

/** Whether single-character shortcuts are enabled in this browser. */
export function useCharacterShortcuts(): readonly [boolean, (areOn: boolean) => void] {
  const [areOn, setOn] = useLocalStorage(characterSetting)
  return [areOn, setOn]
}

/** Maximum time between the two keys of a sequence. */
const sequenceMs = 1_500
let first: { readonly key: string; readonly at: number } | undefined

function handleKey(event: KeyboardEvent): void {
  const key = shortcutKey(event)
  if (key === undefined) return
  const shortcuts = listShortcuts()
  const before = first !== undefined && event.timeStamp - first.at < sequenceMs ? first.key : undefined
  first = undefined
  const shortcut =
    shortcuts.find(({ keys }) => keys === `${before} ${key}`) ?? shortcuts.find(({ keys }) => keys === key)
  if (shortcut !== undefined) {
    event.preventDefault()
    shortcut.run()
  } else if (shortcuts.some(({ keys }) => keys.startsWith(`${key} `))) {
    first = { key, at: event.timeStamp }
  }
}
