import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { serverTexts } from '../platform/server-texts.ts'

/** What the page shows. */
export type BasicWall =
  | { readonly kind: 'numbers'; readonly kpis: Kpis; readonly site: string; readonly time: string }
  | { readonly kind: 'pairing'; readonly userCode: string; readonly address: string }
  | { readonly kind: 'refused'; readonly reason: RefusedReason }

export type RefusedReason = 'noCookies' | 'busy' | 'starting' | 'unknownBoard'

/** Refresh interval of the browser, s; a screen that waits for approval polls as often as allowed. */
const refreshS = { numbers: 30, pairing: 6, refused: 60 } as const
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
<meta http-equiv="refresh" content="${refreshS[wall.kind]}">
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

function bodyOf(wall: BasicWall, language: Language): string {
  const words = serverTexts(language).basicWall
  switch (wall.kind) {
    case 'numbers': {
      const cells = figures(wall.kpis, language).map(
        (figure, place) => `<td><small>${escaped(words.labels[place] ?? '')}</small><b>${escaped(figure)}</b></td>`,
      )
      const rows = [cells.slice(0, 3), cells.slice(3)].map((row) => `<tr>${row.join('')}</tr>`)
      const asOf = words.asOf.replace('{time}', wall.time)
      return `<table>${rows.join('')}</table><p>${escaped(wall.site)} · ${escaped(asOf)}</p>`
    }
    case 'pairing': {
      const steps = words.steps.map((step) => `<li>${escaped(step.replace('{address}', wall.address))}</li>`)
      return `<h1>${escaped(words.title)}</h1><p class="code">${escaped(wall.userCode)}</p><ol>${steps.join('')}</ol>`
    }
    case 'refused':
      return `<h1>${escaped(words[wall.reason])}</h1>`
  }
}

function figures({ overdue, stalled, atRisk, onTime, open, leadTime }: Kpis, language: Language): string[] {
  const { formatTag } = locales[language]
  const whole = new Intl.NumberFormat(formatTag, { maximumFractionDigits: 0 })
  const percentage = new Intl.NumberFormat(formatTag, { style: 'percent', ...oneDecimal })
  // A zero means nothing if no open order is compared with a limit.
  const counted = ({ count, judged }: Kpis['overdue' | 'stalled' | 'atRisk']) =>
    judged === 0 && open.count > 0 ? missing : whole.format(count)
  return [
    counted(overdue),
    counted(stalled),
    counted(atRisk),
    // With fewer orders signed today, a percentage means nothing.
    onTime.signed < minSigned ? missing : percentage.format(onTime.onTime / onTime.signed),
    whole.format(open.count),
    leadTime.medianMs === undefined ? missing : duration(leadTime.medianMs, formatTag),
  ]
}

function duration(ms: number, formatTag: string): string {
  const isLong = ms > 100 * hourMs
  const unit = { style: 'unit', unit: isLong ? 'day' : 'hour', unitDisplay: 'narrow', ...oneDecimal } as const
  return new Intl.NumberFormat(formatTag, unit).format(ms / (isLong ? dayMs : hourMs))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `html{font-size:26px;font-size:1.8vw}body{font-size:1em}html,body{margin:0;background:#14181d;color:#e4e9ed;font-family:Arial,"PingFang SC","Microsoft YaHei",sans-serif}
body{padding:2em}table{width:100%;border-spacing:0}td{width:33%;padding:1.5em 0;vertical-align:top}
small{display:block;font-size:1.3em;color:#b3bdc6}b{font-size:5em}p,li{font-size:1em;color:#b3bdc6}
h1{font-size:2.2em}.code{font-size:5.5em;font-weight:bold;letter-spacing:.1em;margin:.3em 0;color:#e4e9ed}`
