import type { StageColumn } from '@stagewatch/shared/contract/board.ts'
import type { ReactNode } from 'react'
import { limitPair } from '../../../format/limit-pair.ts'
import { formatCount, formatNet, missing } from '../../../format/quantity.ts'
import { softHyphens } from '../../../format/soft-hyphens.ts'
import { useText } from '../../../locales/use-text.ts'
import { StatusGlyph } from '../../../components/status-glyph.tsx'
import { ChangingText, figureSize } from '../../figures.tsx'
import { Bullet } from '../../bullet.tsx'
import { heatLook, isAlarm } from '../../heat-cell.ts'

/** From this net growth on, the figure is bold. */
const strongNet = 10

export interface NamedStage {
  readonly code: string
  /** Its display name. */
  readonly name: string
  readonly column: StageColumn
}

/** Upper half of the matrix: the orders in each stage and how the stage changes. */
export function StageStrip({ stages }: { readonly stages: readonly NamedStage[] }) {
  const { t, language } = useText()
  const row = (kind: string, label: string, cell: (column: StageColumn, name: string) => ReactNode) => (
    <div role="row" className="matrix__row">
      <span role="rowheader" className={`matrix__label strip__label strip__label--${kind}`}>
        {label}
      </span>
      {stages.map(({ code, name, column }) => (
        <div key={code} role="cell" className={`strip__cell strip__cell--${kind}`}>
          {cell(column, name)}
        </div>
      ))}
    </div>
  )
  return (
    <>
      {row('name', '', (_column, name) => (
        <StageName name={name} />
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
        return <span className={net >= strongNet ? 'strip__net--strong' : undefined}>{formatNet(net, language)}</span>
      })}
    </>
  )
}

function LimitPair({ medianMs, targetMs }: Pick<StageColumn, 'medianMs' | 'targetMs'>) {
  const { t, language } = useText()
  const pair = limitPair(medianMs, targetMs, language)
  if (pair === undefined) return <span>{missing}</span>
  const { lead, value, unit } = pair
  return <span>{`${lead === undefined ? '' : lead.value + t(`unit.${lead.unit}`)}${value}${t(`unit.${unit}`)}`}</span>
}

/** Up to three Chinese characters are set in the large size; anything else in two lines of the smaller size. */
function StageName({ name }: { readonly name: string }) {
  const isShort = /^\p{Script=Han}{1,3}$/u.test(name)
  return (
    <span
      className={isShort ? 'strip__name' : 'strip__name strip__name--long'}
      data-size={/\p{L}{18}/u.test(name) ? 'long' : undefined}
      dir="auto"
      data-may-truncate
    >
      {softHyphens(name)}
    </span>
  )
}

function StageOverdue({ column }: { readonly column: StageColumn }) {
  const { language } = useText()
  const look = heatLook(column, column, language)
  const alarm = isAlarm(look)
  if (look.kind === 'noLimit') return <span className="strip__overdue strip__overdue--zero">{missing}</span>
  const tone = alarm ? 'alarm' : column.overdue === 0 ? 'zero' : 'plain'
  const count = formatCount(column.overdue, language)
  return (
    <span className={`strip__overdue strip__overdue--${tone}`} data-size={figureSize(count)}>
      {alarm && <StatusGlyph state="overdue" />}
      <ChangingText text={count} />
    </span>
  )
}
