import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClockKind } from '../../format/typed-clock.ts'
import { renderDesk } from '../testing/render-desk.tsx'
import { ClockField } from './clock-field.tsx'

afterEach(cleanup)

interface Shown {
  readonly kind: ClockKind
  readonly initial: string
  readonly min?: string
  readonly language?: Language
}

async function renderField({ kind, initial, min, language = 'en' }: Shown): Promise<string[]> {
  const changes: string[] = []
  function Owner() {
    const [value, setValue] = useState(initial)
    const change = (changed: string): void => {
      changes.push(changed)
      setValue(changed)
    }
    return <ClockField kind={kind} label="When" value={value} min={min} onChange={change} />
  }
  await renderDesk(<Owner />, { language })
  return changes
}

const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'When' })

function type(text: string): void {
  fireEvent.change(field(), { target: { value: text } })
}

describe('a field for a time', () => {
  it.each([
    ['date', '2026-11-28', 'zh', '2026年11月28日周六', '2026-11-28'],
    ['date', '2026-11-28', 'en', 'Sat, 28 Nov 2026', '2026-11-28'],
    ['time', '15:05', 'zh', '15:05', '15:05'],
    ['time', '00:05', 'en', '00:05', '00:05'],
    ['datetime', '2026-11-28T15:05', 'zh', '2026年11月28日周六 15:05', '2026-11-28 15:05'],
    ['datetime', '2026-11-28T15:05', 'en', 'Sat, 28 Nov 2026, 15:05', '2026-11-28 15:05'],
  ] as const)('%s %s reads in %s %s, and is edited as %s', async (kind, initial, language, shown, edited) => {
    const changes = await renderField({ kind, initial, language })
    expect(field().value).toBe(shown)
    act(() => field().focus())
    expect(field().value).toBe(edited)
    act(() => field().blur())
    expect([field().value, changes]).toEqual([shown, []])
  })

  it('keeps what is typed until it is left, and reports it as a value once it is one', async () => {
    const changes = await renderField({ kind: 'time', initial: '' })
    act(() => field().focus())
    for (const text of ['1', '14', '143', '1430']) type(text)
    expect(field().value).toBe('1430')
    act(() => field().blur())
    expect([field().value, changes]).toEqual(['14:30', ['1', '14', '01:43', '14:30']])
  })

  it('reports a text that names no time as it is, so that the form refuses it, and goes on showing it', async () => {
    const changes = await renderField({ kind: 'datetime', initial: '2026-11-28T08:00' })
    act(() => field().focus())
    type('2026-11-31 08:00')
    act(() => field().blur())
    expect([field().value, changes]).toEqual(['2026-11-31 08:00', ['2026-11-31 08:00']])
    act(() => field().focus())
    type('')
    expect(changes.at(-1)).toBe('')
  })
})

describe('its calendar', () => {
  const open = () => act(() => screen.getByRole('button', { name: /^(Choose a day|选择日期)$/ }).click())

  it('names months and days in Chinese', async () => {
    await renderField({ kind: 'date', initial: '2026-11-28', language: 'zh' })
    open()
    await waitFor(() => screen.getByText('2026年11月'))
    expect(screen.getByRole('button', { name: '11月28日星期六' }).getAttribute('aria-pressed')).toBe('true')
    expect(screen.getByText('六')).toBeDefined()
  })

  it('keeps the time of day, and offers no day before the first', async () => {
    const changes = await renderField({ kind: 'datetime', initial: '2026-11-28T15:05', min: '2026-11-27T10:00' })
    open()
    await waitFor(() => screen.getByText('November 2026'))
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Thursday 26 November' }).disabled).toBe(true)
    act(() => screen.getByRole('button', { name: 'Sunday 29 November' }).click())
    expect(changes).toEqual(['2026-11-29T15:05'])
    expect(field().value).toBe('Sun, 29 Nov 2026, 15:05')
  })

  it('is walked by arrow keys and by months', async () => {
    const changes = await renderField({ kind: 'date', initial: '2026-10-31' })
    open()
    await waitFor(() => screen.getByText('October 2026'))
    const press = async (key: string, then: string) => {
      const focused = document.querySelector('[data-day][tabindex="0"]')!
      fireEvent.keyDown(focused, { key })
      await waitFor(() => expect(document.activeElement?.getAttribute('data-day')).toBe(then))
    }
    await press('ArrowRight', '2026-11-01')
    await press('ArrowUp', '2026-10-25')
    await press('ArrowDown', '2026-11-01')
    await press('ArrowLeft', '2026-10-31')
    await press('PageDown', '2026-11-30')
    await press('PageUp', '2026-10-30')
    act(() => screen.getByRole('button', { name: 'Friday 30 October' }).click())
    expect(changes).toEqual(['2026-10-30'])
  })

  it('is not offered for a time of day', async () => {
    await renderField({ kind: 'time', initial: '08:00' })
    expect(screen.queryByRole('button')).toBeNull()
  })
})

it('no field of the desk leaves its format to the browser, which would use its own language', () => {
  const sources = import.meta.glob<string>('../../**/*.tsx', { query: '?raw', import: 'default', eager: true })
  const native = /type="(date|time|datetime-local|month|week)"/
  const users = Object.entries(sources).filter(([, text]) => text.includes('<ClockField'))
  expect(users.length).toBeGreaterThan(10)
  expect(Object.entries(sources).flatMap(([path, text]) => (native.test(text) ? [path] : []))).toEqual([])
})
