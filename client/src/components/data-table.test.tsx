import { cleanup, screen, within } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { DataTable, type Column } from './data-table.tsx'
import { renderDesk } from './testing/render-desk.tsx'

interface Row {
  readonly id: string
  readonly role: string
}

const rows: readonly Row[] = [
  { id: 'ada', role: 'lead' },
  { id: 'ben', role: 'viewer' },
]
const columns: readonly Column<Row>[] = [
  { title: 'Name', kind: 'name', renderCell: ({ id }) => id },
  { title: 'Role', renderCell: ({ role }) => role },
  { title: 'Actions', kind: 'actions', renderCell: ({ id }) => <button type="button">{id}</button> },
]

afterEach(cleanup)

it('a table has a row for each row of data, and each cell says its column for a phone', async () => {
  await renderDesk(<DataTable title="People" columns={columns} rows={rows} rowKey={({ id }) => id} />)
  expect(screen.getByRole('heading').textContent).toBe('People 2')
  expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual(['Name', 'Role', 'Actions'])
  const [, ada] = screen.getAllByRole('row')
  expect(
    within(ada!)
      .getAllByRole('cell')
      .map((cell) => [cell.textContent, cell.dataset['label']]),
  ).toEqual([
    ['ada', undefined],
    ['lead', 'Role'],
    ['ada', undefined],
  ])
})

it('an editor takes the place of its row, across all columns', async () => {
  const renderEditor = ({ id }: Row) => (id === 'ben' ? <form aria-label="editor" /> : undefined)
  await renderDesk(
    <DataTable title="People" columns={columns} rows={rows} rowKey={({ id }) => id} renderEditor={renderEditor} />,
  )
  expect(screen.getByRole('form').closest('td')?.colSpan).toBe(3)
  expect(screen.queryByText('viewer')).toBeNull()
  expect(screen.getByText('lead')).toBeDefined()
})

it('a table without rows says so', async () => {
  await renderDesk(<DataTable title="People" columns={columns} rows={[]} rowKey={({ id }) => id} />)
  expect(screen.getByText('Nothing here yet')).toBeDefined()
})
