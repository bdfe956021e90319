import { useText } from '../../locales/use-text.ts'

interface StageTitleProps {
  readonly name: string
  readonly position: string
  readonly framed: boolean
  /** Limit and tolerance as text. */
  readonly terms: string
}

/** From this many letters on, a name is set in two lines of a smaller size; a Chinese character is as wide as two. */
const minLongLength = { han: 4, other: 9 }

export function StageTitle({ name, position, framed, terms }: StageTitleProps) {
  const { t } = useText()
  const isLong = name.length >= minLongLength[/\p{Script=Han}/u.test(name) ? 'han' : 'other']
  return (
    <section className="kpi stage-title">
      <h2 className="kpi__label">
        {position}
        {framed && <span className="stage-title__tag">{t('focus.bottleneck')}</span>}
      </h2>
      <p className="kpi__value stage-title__row">
        <span
          className={isLong ? 'stage-title__name stage-title__name--long' : 'stage-title__name'}
          dir="auto"
          data-may-truncate
        >
          {name}
        </span>
      </p>
      <p className="kpi__sub">{terms}</p>
    </section>
  )
}
