import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import card from '../../../components/card.module.css'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { bytesText } from '../../../format/unit-text.ts'
import { delimiterText } from '../file-texts.ts'
import styles from './report.module.css'

interface FileFactsProps {
  readonly report: ImportReport
  readonly file: string
  readonly bytes?: number | undefined
  readonly hash?: string | undefined
  readonly mapping: Pick<ImportMapping, 'timezone'>
}

/** How the file was interpreted. */
export function FileFacts({ report, file, bytes, hash, mapping }: FileFactsProps) {
  const { t, language } = useText()
  const facts = report.file
  const count = (value: number): string => formatCount(value, language)
  const { encoding, lines } = facts
  const { rows, as } = report.meaning
  const told: readonly (readonly [string, string | undefined])[] = [
    [t('imports.facts.name'), bytes === undefined ? file : `${file} · ${bytesText(bytes, language)}`],
    [t('imports.facts.kind'), t(`imports.facts.kinds.${facts.kind}`)],
    [t('imports.facts.compression'), facts.compression],
    [t('imports.facts.sheet'), facts.sheet],
    [
      t('imports.facts.encoding'),
      encoding === undefined ? undefined : `${encoding.name} · ${t(`imports.facts.certainty.${encoding.certainty}`)}`,
    ],
    [t('imports.facts.delimiter'), facts.delimiter === undefined ? undefined : delimiterText(t, facts.delimiter)],
    [t('imports.facts.quote'), facts.quote === undefined ? undefined : t(`imports.facts.quotes.${facts.quote}`)],
    [t('imports.facts.lines'), lines === undefined ? undefined : count(lines.total)],
    [t('imports.facts.traces'), facts.traces === undefined ? undefined : count(facts.traces)],
    [t('imports.facts.read'), `${count(report.rows)} / ${count(facts.rows)}`],
    [t('imports.facts.meaning'), t(`imports.facts.meanings.${rows === 'events' ? (as ?? 'events') : rows}`)],
    [
      t('imports.facts.timezone'),
      report.times.find(({ local }) => local !== undefined)?.local?.zone ?? mapping.timezone,
    ],
    [t('imports.facts.hash'), hash === undefined ? undefined : `${hash.slice(0, 8)}…${hash.slice(-4)}`],
  ]
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('imports.facts.title')}</h2>
      <dl className={styles['facts']}>
        {told.map(
          ([title, value]) =>
            value !== undefined && (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  )
}
