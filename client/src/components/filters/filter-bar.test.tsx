import type { Me } from '@stagewatch/shared/contract/me.ts'
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../testing/render-desk.tsx'
import { FilterBar } from './filter-bar.tsx'
import { filterSearch, type FilterSearch } from './filter-search.ts'

const timeZone = 'Asia/Shanghai'
const me: Me = {
  kind: 'person',
  name: 'Ada',
  site: 'east',
  actions: [],
  privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
  sites: [],
}

interface Shown {
  readonly search?: FilterSearch
  readonly shiftBeganAt?: number | null
  readonly showsCustomers?: boolean
}

async function renderBar({ search = {}, shiftBeganAt, showsCustomers = true }: Shown) {
  const changes: unknown[] = []
  await renderDesk(
    <MeContext value={me}>
      <FilterBar
        search={search}
        presets={['shift', 'today', '14d']}
        shown={{ from: '2026-11-20', to: '2026-11-26' }}
        today="2026-11-26"
        shiftBeganAt={shiftBeganAt}
        timeZone={timeZone}
        showsCustomers={showsCustomers}
        onChange={(change) => changes.push(change)}
      />
    </MeContext>,
  )
  return changes
}

const at = (text: string) => Date.parse(`${text}:00+08:00`)
const shiftOption = () => screen.getByRole<HTMLOptionElement>('option', { name: /shift/ })

afterEach(cleanup)

describe('the time of the overview', () => {
  it('can begin with the shift, and says when that was by the clock of the site', async () => {
    const changes = await renderBar({ shiftBeganAt: at('2026-11-26T08:00') })
    expect([shiftOption().textContent, shiftOption().disabled]).toEqual(['Since shift start 08:00', false])
    fireEvent.change(screen.getByRole('combobox', { name: 'Time' }), { target: { value: 'shift' } })
    expect(changes).toEqual([{ range: 'shift', from: undefined, to: undefined }])
  })

  it('names the day where the last shift is not of today', async () => {
    await renderBar({ search: { range: 'shift' }, shiftBeganAt: at('2026-11-25T22:00') })
    expect(shiftOption().textContent).toBe('Since shift start 25/11 22:00')
  })

  it('says why it cannot where the calendar has no shifts, and what is shown in its place', async () => {
    await renderBar({ shiftBeganAt: null })
    expect([shiftOption().textContent, shiftOption().disabled]).toEqual([
      'Since shift start: no shifts in the calendar',
      true,
    ])
    cleanup()
    await renderBar({ search: { range: 'shift' }, shiftBeganAt: null })
    expect(shiftOption().textContent).toBe('Today: no shifts in the calendar')
  })
})

describe('the filters', () => {
  it('hold customers and their classes only for those to whom customers are shown', async () => {
    const offered = async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Filter' }))
      return (await screen.findAllByRole('menuitem', { hidden: true })).map((item) => item.textContent)
    }
    await renderBar({ search: filterSearch.parse({ department: 'QA' }) })
    expect(screen.getByRole('button', { name: /^Department/ }).textContent).toBe('Department QA')
    expect(await offered()).toEqual(['Process', 'Customer', 'Customer class', 'Product'])
    cleanup()
    await renderBar({ showsCustomers: false })
    expect(await offered()).toEqual(['Process', 'Department', 'Product'])
  })
})
