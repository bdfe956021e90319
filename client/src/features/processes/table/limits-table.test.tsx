import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { useEffect, useReducer } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderDesk } from '../../../components/testing/render-desk.tsx'
import { draftReducer } from '../draft-edits.ts'
import { ProcessContext } from '../process-context.ts'
import { LimitsTable } from './limits-table.tsx'

const hourMs = 3_600_000
const live: ProcessDefinition = {
  code: 'standard',
  name: { zh: '标准', en: 'Standard' },
  stages: [
    { code: 'qc', name: { zh: '质检', en: 'QC' }, targetMs: 6 * hourMs, warnAtRatio: 0.8, toleranceRatio: 0.1 },
    { code: 'ship', name: { zh: '发货', en: 'Ship' }, warnAtRatio: 0.8, toleranceRatio: 0.1 },
  ],
  acceptsNewStages: false,
  goals: {},
}
let edited: ProcessDefinition = live

function Table({ isReadOnly = false }: { readonly isReadOnly?: boolean }) {
  const [{ definition }, dispatch] = useReducer(draftReducer, { definition: live, past: [], future: [] })
  useEffect(() => {
    edited = definition
  }, [definition])
  return (
    <ProcessContext
      value={{
        asOf: 0,
        live,
        definition,
        dispatch: isReadOnly ? undefined : dispatch,
        calendars: [],
        departments: ['Quality'],
        nameOfDepartment: (text) => text,
        selected: {},
        select: () => undefined,
      }}
    >
      <LimitsTable />
    </ProcessContext>
  )
}

afterEach(() => {
  cleanup()
  edited = live
})

const type = (label: string, text: string): HTMLElement => {
  const cell = screen.getByLabelText(label)
  fireEvent.change(cell, { target: { value: text } })
  return cell
}

describe('the table of limits', () => {
  it('takes a duration as somebody writes it and shows what is live beside it', async () => {
    await renderDesk(<Table />)
    fireEvent.blur(type('Limit: QC', '1 day'))
    expect(edited.stages[0]?.targetMs).toBe(24 * hourMs)
    expect(screen.getByLabelText<HTMLInputElement>('Limit: QC').value).toBe('24h')
    expect(screen.getByText('6h').tagName).toBe('S')
  })

  it('says what is wrong, keeps what was typed and changes nothing', async () => {
    await renderDesk(<Table />)
    const cell = type('Limit: QC', '8')
    fireEvent.keyDown(cell, { key: 'Enter' })
    expect(screen.getByRole('alert').textContent).toBe('Add a unit: 8h or 8 min.')
    expect(cell.getAttribute('aria-invalid')).toBe('true')
    expect(edited).toBe(live)
    fireEvent.keyDown(cell, { key: 'Escape' })
    expect(screen.queryByRole('alert')).toBeNull()
    expect(screen.getByLabelText<HTMLInputElement>('Limit: QC').value).toBe('6h')
  })

  it('an emptied limit is none; a share must be there', async () => {
    await renderDesk(<Table />)
    fireEvent.blur(type('Limit: QC', ''))
    expect('targetMs' in (edited.stages[0] ?? {})).toBe(false)
    fireEvent.blur(type('Tolerance: Ship', ''))
    expect(screen.getByRole('alert').textContent).toBe('Enter a percentage from 0 to 100.')
    fireEvent.blur(type('Tolerance: Ship', '12,5 %'))
    expect(edited.stages[1]?.toleranceRatio).toBe(0.125)
  })

  it('is one to read in Chinese for those who may not change it', async () => {
    await renderDesk(<Table isReadOnly />, { language: 'zh' })
    expect(screen.getByText('质检').isConnected).toBe(true)
    expect(screen.getByText('6h').isConnected).toBe(true)
    expect(screen.queryAllByRole('textbox')).toEqual([])
    expect(screen.queryAllByRole('combobox')).toEqual([])
  })
})
