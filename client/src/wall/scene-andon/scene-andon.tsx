import { memo } from 'react'
import { Panel } from '../panel.tsx'
import { AndonCells } from './andon-cells.tsx'
import { AndonNumbers } from './andon-numbers.tsx'
import { AndonRows } from './andon-rows.tsx'
import './scene-andon.css'

const numberKeys = ['kpis'] as const
const cellKeys = ['stages', 'stageOrder'] as const
const rowKeys = ['kpis', 'stages', 'stageOrder', 'overdue'] as const

/**
 * For viewers far away: four numbers, a cell per stage and the three worst orders, all in type of at least 48 pixels.
 */
export const SceneAndon = memo(function SceneAndon({ numbersOnly }: { readonly numbersOnly: boolean }) {
  return (
    <>
      <Panel area="numbers" keys={numberKeys} renderPanel={({ kpis }) => <AndonNumbers kpis={kpis} />} />
      {!numbersOnly && (
        <>
          <Panel area="cells" keys={cellKeys} renderPanel={(board) => <AndonCells board={board} />} />
          <Panel area="rows" keys={rowKeys} renderPanel={(board) => <AndonRows board={board} />} />
        </>
      )}
    </>
  )
})
