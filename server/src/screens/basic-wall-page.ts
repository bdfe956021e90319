import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { replayCommand } from '@stagewatch/shared/domain/old-data.ts'
import { roundedShare } from '@stagewatch/shared/domain/rounded-share.ts'
import { escaped } from '../platform/http/plain-page.ts'
import { serverTexts } from '../platform/server-texts.ts'

/** What the page shows. */
export type BasicWall =
  | BasicNumbers
  | { readonly kind: 'pairing'; readonly userCode: string; readonly address: string }
  | { readonly kind: 'refused'; readonly reason: RefusedReason }

interface BasicNumbers {
  readonly kind: 'numbers'
  readonly kpis: Kpis
  readonly site: string
  /** Time of day at which the numbers are valid. */
  readonly time: string
  /** The server cannot read newer numbers from its database. */
  readonly isCutOff: boolean
  /** Undefined if the data is current. */
  readonly old?: { readonly date: string; readonly days: number } | undefined
}

export type RefusedReason = 'noCookies' | 'busy' | 'starting' | 'databaseAway' | 'unknownBoard'

/**
 * Refresh interval of the browser, s. Numbers that are cut off from the database, which the server notices within nine
 * seconds, have to say so within 15; a screen that waits for approval polls as often as allowed.
 */
const refreshS = { numbers: 6, pairing: 6, refused: 60 } as const
const minSigned = 5
const dayMs = 86_400_000
const hourMs = 3_600_000
const missing = '—'
const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const

/** The page for browsers that cannot run the wall: old-style HTML without scripts. The browser reloads it by itself. */
export function basicWallPage(wall: BasicWall, language: Language): string {
  const words = serverTexts(language).basicWall
  return `<!doctype html>
<html lang="${locales[language].tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="${refreshIntervalS(wall)}">
<title>Stagewatch</title>
<style>${style}</style>
</head>
<body>
${bodyOf(wall, language)}
<p class="note">${escaped(words.note)}</p>
</body>
</html>
`
}

function refreshIntervalS(wall: BasicWall): number {
  const isAway = wall.kind === 'refused' && wall.reason === 'databaseAway'
  return refreshS[isAway ? 'numbers' : wall.kind]
}

function bodyOf(wall: BasicWall, language: Language): string {
  const words = serverTexts(language).basicWall
  switch (wall.kind) {
    case 'numbers':
      return numbersOf(wall, language)
    case 'pairing': {
      const steps = words.steps.map((step) => `<li>${escaped(step.replace('{address}', wall.address))}</li>`)
      return `<h1>${escaped(words.title)}</h1><p class="code">${escaped(wall.userCode)}</p><ol>${steps.join('')}</ol>`
    }
    case 'refused':
      return `<h1>${escaped(words[wall.reason])}</h1>`
  }
}

function numbersOf({ kpis, site, time, isCutOff, old }: BasicNumbers, language: Language): string {
  const words = serverTexts(language).basicWall
  const [first = '', ...labels] = words.labels
  const isWithoutLimits = kpis.overdue.judged === 0 && kpis.open.count > 0
  const shownLabels = [isWithoutLimits ? `${first} · ${words.noLimits}` : first, ...labels]
  const cells = figures(kpis, language).map(
    (figure, place) => `<td><small>${escaped(shownLabels[place] ?? '')}</small><b>${escaped(figure)}</b></td>`,
  )
  const rows = [cells.slice(0, 3), cells.slice(3)].map((row) => `<tr>${row.join('')}</tr>`)
  const days = new Intl.NumberFormat(locales[language].formatTag)
  const lines = [
    old &&
      words.oldData
        .replace('{date}', old.date)
        .replace('{days}', days.format(old.days))
        .replace('{command}', replayCommand),
    `${site} · ${(isCutOff ? words.cutOff : words.asOf).replace('{time}', time)}`,
  ]
  const below = lines.map((line) => (line === undefined ? '' : `<p>${escaped(line)}</p>`))
  return `<div${isCutOff ? ' class="cut"' : ''}><table>${rows.join('')}</table>${below.join('')}</div>`
}

function figures({ overdue, stalled, atRisk, onTime, open, leadTime }: Kpis, language: Language): string[] {
  const { formatTag } = locales[language]
  const whole = new Intl.NumberFormat(formatTag)
  const percentage = new Intl.NumberFormat(formatTag, { style: 'percent', ...oneDecimal })
  const share = (part: number, total: number): string => {
    const { percent, bound = '' } = roundedShare(part, total, 1)
    return `${bound}${percentage.format(percent / 100)}`
  }
  // A zero means nothing if no open order is compared with a limit.
  const counted = ({ count, judged }: Kpis['overdue' | 'stalled' | 'atRisk']) =>
    judged === 0 && open.count > 0 ? missing : whole.format(count)
  return [
    counted(overdue),
    counted(stalled),
    counted(atRisk),
    // With fewer orders signed today, a percentage means nothing.
    onTime.signed < minSigned ? missing : share(onTime.onTime, onTime.signed),
    whole.format(open.count),
    leadTime.medianMs === undefined ? missing : duration(leadTime.medianMs, formatTag),
  ]
}

function duration(ms: number, formatTag: string): string {
  const isLong = ms > 100 * hourMs
  const unit = { style: 'unit', unit: isLong ? 'day' : 'hour', unitDisplay: 'narrow', ...oneDecimal } as const
  return new Intl.NumberFormat(formatTag, unit).format(ms / (isLong ? dayMs : hourMs))
}

const style = `html{font-size:26px;font-size:1.8vw}body{font-size:1em}html,body{margin:0;background:#14181d;color:#e4e9ed;font-family:Arial,"PingFang SC","Microsoft YaHei",sans-serif}
body{padding:2em}table{width:100%;border-spacing:0}td{width:33%;padding:1.5em 0;vertical-align:top}
small{display:block;font-size:1.3em;color:#b3bdc6}b{font-size:5em}p,li{font-size:1em;color:#b3bdc6}
h1{font-size:2.2em}.cut p{padding:.5em;background:#e4e9ed;color:#14181d;font-weight:bold}.cut table{opacity:.45}.code{font-size:5.5em;font-weight:bold;letter-spacing:.1em;margin:.3em 0;color:#e4e9ed}`
