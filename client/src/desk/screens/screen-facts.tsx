import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { stopwatch } from '../../format/duration.ts'
import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { instantText } from '../format/instant-text.ts'

interface ScreenFactsProps {
  readonly screen: Screen
  readonly build: string
  /** Epoch ms. */
  readonly asOf: number
}

const staleAfterMs = 15_000
const mebibyte = 2 ** 20

/** What the screen last told of itself; what it has never told is a dash. */
export function ScreenFacts({ screen, build, asOf }: ScreenFactsProps) {
  const { t, language } = useText()
  const { report, address, approvedBy, pairedAt } = screen
  const isOld = report !== undefined && report.build !== build
  const isStale = report !== undefined && report.dataAgeMs > staleAfterMs
  const facts: readonly (readonly [label: string, value: string, warns?: boolean])[] = [
    [
      t('desk.screen.version'),
      report === undefined ? '—' : t(isOld ? 'desk.screen.versionOld' : 'desk.screen.versionCurrent'),
      isOld,
    ],
    [t('desk.screen.dataAge'), report === undefined ? '—' : stopwatch(report.dataAgeMs), isStale],
    [t('desk.screen.reconnects'), report === undefined ? '—' : String(report.reconnects)],
    [
      t('desk.screen.memory'),
      report?.memoryBytes === undefined ? '—' : `${Math.round(report.memoryBytes / mebibyte)} MB`,
    ],
    [t('desk.screen.size'), report === undefined ? '—' : `${report.width} × ${report.height}`],
    [t('desk.screen.address'), address ?? '—'],
    [t('desk.screen.approved'), `${approvedBy} · ${instantText(pairedAt, asOf, language)}`],
  ]
  return (
    <dl className="facts">
      {facts.map(([label, value, warns = false]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={warns ? 'facts__warning' : ''}>
            {warns && <StatusGlyph state="atRisk" />}
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
