import type { StageColumn } from '@stagewatch/shared/contract/board.ts'
import type { ReactNode } from 'react'
import { limitPair } from '../../../format/limit-pair.ts'
import { formatCount, formatNet, missing } from '../../../format/quantity.ts'
import { useText } from '../../../text/use-text.ts'
import { StatusGlyph } from '../../../theme/status-glyph.tsx'
import { ChangingText } from '../../changing-text.tsx'
import { Bullet } from '../../bullet.tsx'
import { heatLook, isAlarm } from '../../heat-cell.ts'

/** From this net growth on the figure is set bold. */
const strongNet = 10

export interface NamedStage {
  readonly code: string
  readonly column: StageColumn
}

/** Upper half of the matrix: what is in each stage and how it moves. */
export function StageStrip({ stages }: { readonly stages: readonly NamedStage[] }) {
  const { t, language, nameOf } = useText()
  const row = (kind: string, label: string, cell: (column: StageColumn) => ReactNode) => (
    <div role="row" className="matrix__row">
      <span role="rowheader" className={`matrix__label strip__label strip__label--${kind}`}>
        {label}
      </span>
      {stages.map(({ code, column }) => (
        <div key={code} role="cell" className={`strip__cell strip__cell--${kind}`}>
          {cell(column)}
        </div>
      ))}
    </div>
  )
  return (
    <>
      {row('name', '', ({ name }) => (
        <StageName name={nameOf(name)} />
      ))}
      {row('wip', t('matrix.open'), ({ wip }) => (
        <ChangingText text={formatCount(wip, language)} />
      ))}
      {row('median', t('matrix.median'), ({ medianMs, targetMs }) => (
        <>
          <Bullet medianMs={medianMs} targetMs={targetMs} />
          <LimitPair medianMs={medianMs} targetMs={targetMs} />
        </>
      ))}
      {row('overdue', t('matrix.overdue'), (column) => (
        <StageOverdue column={column} />
      ))}
      {row('net', t('matrix.net'), ({ arrivalsToday, departuresToday }) => {
        const net = arrivalsToday - departuresToday
        return <span className={net >= strongNet ? 'strip__net--strong' : undefined}>{formatNet(net)}</span>
      })}
    </>
  )
}

function LimitPair({ medianMs, targetMs }: Pick<StageColumn, 'medianMs' | 'targetMs'>) {
  const { t } = useText()
  const pair = limitPair(medianMs, targetMs)
  return <span>{pair === undefined ? missing : `${pair.value}${t(`unit.${pair.unit}`)}`}</span>
}

/** Up to three Chinese characters are set large; anything else in two lines of the smaller size. */
function StageName({ name }: { readonly name: string }) {
  const isShort = /^\p{Script=Han}{1,3}$/u.test(name)
  return (
    <span className={isShort ? 'strip__name' : 'strip__name strip__name--long'} data-may-truncate>
      {name}
    </span>
  )
}

function StageOverdue({ column }: { readonly column: StageColumn }) {
  const { language } = useText()
  const alarm = isAlarm(heatLook(column, column.toleranceRatio))
  const tone = alarm ? 'alarm' : column.overdue === 0 ? 'zero' : 'plain'
  return (
    <span className={`strip__overdue strip__overdue--${tone}`}>
      {alarm && <StatusGlyph state="overdue" />}
      <ChangingText text={formatCount(column.overdue, language)} />
    </span>
  )
}
