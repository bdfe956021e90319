import type { ReportedAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import Check from 'lucide-react/icons/check'
import CirclePlay from 'lucide-react/icons/circle-play'
import Pause from 'lucide-react/icons/pause'
import Play from 'lucide-react/icons/play'
import { useState } from 'react'
import { useDurationText } from '../format/use-duration-text.ts'
import { useText } from '../locales/use-text.ts'
import { nextStagesOf } from './reports.ts'

interface ActionButtonsProps {
  /** Undefined if the order could not be loaded. */
  readonly order: OrderProgress | undefined
  readonly onAct: (action: ReportedAction) => void
}

type Asked = 'start' | 'finish' | 'hold'

/** Buttons to start, finish or hold an order. They are replaced by a form when an action needs a second tap. */
export function ActionButtons({ order, onAct }: ActionButtonsProps) {
  const { t, nameOf } = useText()
  const [asked, setAsked] = useState<Asked>()
  const nextStages = order === undefined ? [] : nextStagesOf(order)
  const [next] = nextStages
  const isInStage = order === undefined || order.stage !== undefined
  const nameOfStage = (code: string): string => {
    const stage = order?.stages.find((each) => each.stage === code)
    return stage === undefined ? code : nameOf(stage.name)
  }
  const act = (action: ReportedAction): void => {
    setAsked(undefined)
    onAct(action)
  }
  if (asked === 'hold') return <HoldReasons order={order} onAct={act} onCancel={() => setAsked(undefined)} />
  if (asked !== undefined) {
    return (
      <Choice
        title={t(asked === 'start' ? 'scan.chooseStart' : 'scan.chooseNext')}
        onCancel={() => setAsked(undefined)}
      >
        {nextStages.map(({ stage, isReturn }) => (
          <button
            key={stage}
            type="button"
            className="button button--large"
            onClick={() => act(asked === 'start' ? { action: 'start', stage } : { action: 'finish', next: stage })}
          >
            {isReturn === true ? t('scan.back', { stage: nameOfStage(stage) }) : nameOfStage(stage)}
          </button>
        ))}
      </Choice>
    )
  }
  return (
    <div className="actions">
      {order?.startedAt === undefined && (
        <button
          type="button"
          className="button button--large"
          onClick={() => (isInStage || nextStages.length < 2 ? act({ action: 'start' }) : setAsked('start'))}
        >
          <CirclePlay size={28} aria-hidden />
          {t('scan.action.start')}
        </button>
      )}
      {isInStage && (
        <button
          type="button"
          className="button button--large button--main"
          onClick={() => (nextStages.length > 1 ? setAsked('finish') : act({ action: 'finish' }))}
        >
          <Check size={28} aria-hidden />
          <span>
            {t('scan.action.finish')}
            {nextStages.length === 1 && next !== undefined && (
              <small>{t('scan.finishTo', { stage: nameOfStage(next.stage) })}</small>
            )}
          </span>
        </button>
      )}
      {order?.held === true ? (
        <button type="button" className="button button--large" onClick={() => act({ action: 'resume' })}>
          <Play size={28} aria-hidden />
          {t('scan.action.resume')}
        </button>
      ) : (
        <button type="button" className="button button--large" onClick={() => setAsked('hold')}>
          <Pause size={28} aria-hidden />
          {t('scan.action.hold')}
        </button>
      )}
    </div>
  )
}

const commonReasons = ['material', 'machine', 'quality', 'drawing'] as const

interface HoldReasonsProps extends ActionButtonsProps {
  readonly onCancel: () => void
}

/** The hold reasons of the process for this stage, or else the common ones. */
function HoldReasons({ order, onAct, onCancel }: HoldReasonsProps) {
  const { t, nameOf } = useText()
  const [words, setWords] = useState('')
  const duration = useDurationText()
  const { holdReasons: offered = [], longestHoldsMs = [] } =
    order?.stages.find(({ stage }) => stage === order.stage) ?? {}
  const reasons = offered.length > 0 ? offered.map(nameOf) : commonReasons.map((reason) => t(`scan.reason.${reason}`))
  const limitText = (place: number): string | undefined => {
    const maxMs = longestHoldsMs[place] ?? undefined
    return maxMs === undefined ? undefined : t('scan.longestHold', { time: duration(maxMs) })
  }
  return (
    <Choice title={t('scan.whyHeld')} onCancel={onCancel}>
      {reasons.map((reason, place) => (
        <button
          key={reason}
          type="button"
          className="button button--large"
          onClick={() => onAct({ action: 'hold', reason })}
        >
          {reason}
          {limitText(place) !== undefined && <small>{limitText(place)}</small>}
        </button>
      ))}
      <form
        className="words"
        onSubmit={(event) => {
          event.preventDefault()
          if (words.trim() !== '') onAct({ action: 'hold', reason: words.trim() })
        }}
      >
        <label>
          {t('scan.otherReason')}
          <input value={words} maxLength={eventLimits.factText} onChange={({ target }) => setWords(target.value)} />
        </label>
        <button type="submit" className="button" disabled={words.trim() === ''}>
          {t('scan.sendReason')}
        </button>
      </form>
    </Choice>
  )
}

interface ChoiceProps {
  readonly title: string
  readonly onCancel: () => void
  readonly children: React.ReactNode
}

function Choice({ title, onCancel, children }: ChoiceProps) {
  const { t } = useText()
  return (
    <section className="actions" aria-label={title}>
      <h2 className="actions__title">{title}</h2>
      {children}
      <button type="button" className="button" onClick={onCancel}>
        {t('scan.cancel')}
      </button>
    </section>
  )
}
