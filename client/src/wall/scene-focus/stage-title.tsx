import { useText } from '../../text/use-text.ts'

interface StageTitleProps {
  readonly name: string
  readonly position: string
  readonly framed: boolean
  /** Limit and tolerance, in words. */
  readonly terms: string
}

/** A longer name is set in two lines of a smaller size. */
const longFrom = { zh: 4, en: 9 }

export function StageTitle({ name, position, framed, terms }: StageTitleProps) {
  const { t, language } = useText()
  const isLong = name.length >= longFrom[/\p{Script=Han}/u.test(name) ? 'zh' : language]
  return (
    <section className="kpi stage-title">
      <h2 className="kpi__label">{position}</h2>
      <p className="kpi__value stage-title__row">
        <span className={isLong ? 'stage-title__name stage-title__name--long' : 'stage-title__name'} data-may-truncate>
          {name}
        </span>
        {framed && <span className="stage-title__tag">{t('focus.bottleneck')}</span>}
      </p>
      <p className="kpi__sub">{terms}</p>
    </section>
  )
}
