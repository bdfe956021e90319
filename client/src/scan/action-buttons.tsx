import type { ReportedAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { eventLimits } from '@stagewatch/shared/contract/event.ts'
import { Check, CirclePlay, Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../locales/use-text.ts'
import { waysOf } from './reports.ts'

interface ActionButtonsProps {
  /** Undefined: nobody could see it. */
  readonly order: OrderProgress | undefined
  readonly onAct: (action: ReportedAction) => void
}

type Asked = 'start' | 'finish' | 'hold'

/** Started, finished, held; what a second tap has to say is asked for in their place. */
export function ActionButtons({ order, onAct }: ActionButtonsProps) {
  const { t, nameOf } = useText()
  const [asked, setAsked] = useState<Asked>()
  const ways = order === undefined ? [] : waysOf(order)
  const [next] = ways
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
        {ways.map(({ stage, isReturn }) => (
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
          onClick={() => (isInStage || ways.length < 2 ? act({ action: 'start' }) : setAsked('start'))}
        >
          <CirclePlay size={28} aria-hidden />
          {t('scan.action.start')}
        </button>
      )}
      {isInStage && (
        <button
          type="button"
          className="button button--large button--main"
          onClick={() => (ways.length > 1 ? setAsked('finish') : act({ action: 'finish' }))}
        >
          <Check size={28} aria-hidden />
          <span>
            {t('scan.action.finish')}
            {ways.length === 1 && next !== undefined && (
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

/** What the process offers for the stage, else what is common everywhere. */
function HoldReasons({ order, onAct, onCancel }: HoldReasonsProps) {
  const { t, nameOf } = useText()
  const [words, setWords] = useState('')
  const offered = order?.stages.find(({ stage }) => stage === order.stage)?.holdReasons ?? []
  const reasons = offered.length > 0 ? offered.map(nameOf) : commonReasons.map((reason) => t(`scan.reason.${reason}`))
  return (
    <Choice title={t('scan.whyHeld')} onCancel={onCancel}>
      {reasons.map((reason) => (
        <button
          key={reason}
          type="button"
          className="button button--large"
          onClick={() => onAct({ action: 'hold', reason })}
        >
          {reason}
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
