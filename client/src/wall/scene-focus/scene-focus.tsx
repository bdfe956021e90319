import { memo } from 'react'
import { Panel } from '../panel.tsx'
import { Ageing } from './ageing.tsx'
import { FocusBand } from './focus-band.tsx'
import { FocusList } from './focus-list.tsx'
import { LastHours } from './last-hours.tsx'
import './scene-focus.css'

const bandKeys = ['stages', 'stageOrder', 'bottleneck'] as const
const ageingKeys = ['stages', 'focus', 'overdue', 'upcoming'] as const
const hoursKeys = ['site', 'stages', 'heatmap'] as const
const listKeys = [
  'site',
  'stages',
  'stageOrder',
  'focus',
  'overdue',
  'upcoming',
  'newestBreach',
  'lastMovedOn',
  'recording',
] as const

/** One stage in detail: its orders, how late they are and since when, and their owners. */
export const SceneFocus = memo(function SceneFocus({ stage }: { readonly stage: string }) {
  return (
    <>
      <Panel area="band" keys={bandKeys} renderPanel={(board) => <FocusBand board={board} stage={stage} />} />
      <Panel area="ageing" keys={ageingKeys} renderPanel={(board) => <Ageing board={board} stage={stage} />} />
      <Panel area="hours" keys={hoursKeys} renderPanel={(board) => <LastHours board={board} stage={stage} />} />
      <Panel area="list" keys={listKeys} renderPanel={(board) => <FocusList board={board} stage={stage} />} />
    </>
  )
})
