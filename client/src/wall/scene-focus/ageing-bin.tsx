import type { BoardRow } from '@stagewatch/shared/contract/board.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'

/** More marks on top of each other do not fit; what is left is told as a number. */
const mostMarks = 6

export function AgeingBin({ rows, column }: { readonly rows: readonly BoardRow[]; readonly column: number }) {
  const shown = rows.length > mostMarks ? rows.slice(0, mostMarks - 1) : rows
  return (
    <div className="ageing__bin" style={{ gridColumn: column }}>
      {shown.map(({ order, state }) => (
        <StatusGlyph key={order} state={state} />
      ))}
      {shown.length < rows.length && <span className="ageing__more">+{rows.length - shown.length}</span>}
    </div>
  )
}
