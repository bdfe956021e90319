import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportReport, RemarkCode, ReportRemark } from '@stagewatch/shared/contract/import-report.ts'
import { reportLimits } from '@stagewatch/shared/contract/import-report.ts'
import { linesText, plural, shownText } from '../../platform/english-text.ts'
import type { Columns } from '../files/find-columns.ts'
import { columnsRead } from './describe-columns.ts'
import type { DiscoveredProcess } from './discover-process.ts'
import type { FileOptions } from './file-options.ts'
import type { ImportResult, RestatedFacts } from './import-file.ts'

interface ReportOptions {
  /** Whether nothing was stored. */
  readonly dryRun: boolean
}

/** How a file was interpreted, and the outcome of its rows. */
export function importReport(
  options: ReportOptions,
  result: ImportResult,
  discovered: DiscoveredProcess | undefined,
): ImportReport {
  const { how, table, tally, findings, breakOff, preview } = result
  return {
    ...tally.summary(),
    dryRun: options.dryRun,
    file: table.facts,
    columns: { used: usedColumns(table.columns), ignored: ignoredColumns(table.columns, table.header) },
    meaning: meaningOf(how, result),
    ...columnsRead(findings),
    stageNames: {
      first: tally
        .stageRows()
        .slice(0, reportLimits.stages)
        .map(({ stage, rows }) => ({ stage: shownText(stage), rows })),
      alike: tally
        .similarStages()
        .slice(0, reportLimits.stages)
        .map((stages) => stages.slice(0, reportLimits.stages).map(shownText)),
    },
    rejections: tally.rejections(),
    cells: result.remarks,
    remarks: remarksOf(how, result),
    ...(discovered !== undefined && { process: processOf(discovered) }),
    ...breakOff,
    ...(preview !== undefined && { preview: preview.preview() }),
  }
}

function usedColumns(columns: Columns<string>): ImportReport['columns']['used'] {
  return Object.entries(columns)
    .flatMap(([name, column]) =>
      column === undefined ? [] : [{ name, header: shownText(column.header), place: column.index + 1 }],
    )
    .toSorted((a, b) => a.place - b.place)
}

function ignoredColumns(columns: Columns<string>, header: readonly string[]): ImportReport['columns']['ignored'] {
  const used = new Set(Object.values(columns).map((column) => column?.index))
  // Columns without a name are empty, or those of milestones, which have a remark of their own.
  return header.flatMap((name, index) =>
    used.has(index) || name === '' ? [] : [{ header: shownText(name), place: index + 1 }],
  )
}

function meaningOf({ as, orders, wide }: FileOptions, { table, meaning }: ImportResult): ImportReport['meaning'] {
  if (orders) return { rows: 'orders', isProposed: false }
  if (table.facts.kind === 'ndjson') return { rows: 'events', isProposed: false }
  const rows = wide ? 'wide' : 'events'
  if (table.columns['eventType'] !== undefined) return { rows, isProposed: false }
  return { rows, as: meaning, isProposed: as === undefined }
}

/** The field of the mapping that resolves each remark. */
const fixes: Partial<Record<RemarkCode, keyof ImportMapping>> = {
  encoding_doubtful: 'encoding',
  damaged_text: 'encoding',
  preamble_skipped: 'skipLines',
  no_header: 'skipLines',
  quotes_not_used: 'quote',
  backslash_quotes: 'quote',
  stray_quotes: 'quote',
  swallowed_lines: 'quote',
  other_sheets: 'sheet',
  milestones: 'milestones',
  no_milestone: 'milestones',
  recognized_export: 'preset',
}

function remarksOf({ orders, clock, duplicates }: FileOptions, result: ImportResult): ReportRemark[] {
  const { table, tally, meaning, isReadUpward, facts, rejectedLeftOut, orderLines, reused, renamed } = result
  const { startedAt, lifecycle, eventType } = table.columns
  const zoneColumn = ignoredColumns(table.columns, table.header).find(({ header }) => zoneHeader.test(header))
  const utcColumn = columnsRead(result.findings).times.find(
    ({ header, local }) =>
      utcHeader.test(header) && local !== undefined && !/^(?:etc\/)?(?:utc|gmt)$/i.test(local.zone),
  )
  const ofTable = table.remarks.map(({ code, count, lines, params = {}, text }): ReportRemark => {
    const fix = fixes[code]
    return { code, count, lines: [...lines], params, ...(fix !== undefined && { fix }), text }
  })
  const plain = { lines: [], params: {} }
  const crowded = orders ? [] : tally.crowdedOrders()
  const ofRows: ((ReportRemark & { readonly code: RemarkCode }) | false)[] = [
    rejectedLeftOut > 0 && {
      ...plain,
      code: 'rejected_left_out',
      count: rejectedLeftOut,
      text: `${plural(rejectedLeftOut, 'rejected row is', 'rejected rows are')} not in the file of rejected rows, which would become too large`,
    },
    isReadUpward && {
      ...plain,
      code: 'read_upward',
      count: 1,
      text: 'the newest rows stand first: rows of one instant are read from below',
    },
    reused.count > 0 && {
      ...plain,
      code: 'reused_orders',
      fix: 'reuseAfter',
      count: reused.count,
      text: `${plural(reused.count, 'order begins', 'orders begin')} again more than 180 days after the last event (${reused.first.map(({ order, days }) => `${shownText(order)}: ${days} days`).join(', ')}${reused.count > reused.first.length ? ' …' : ''}) and count as opened again; if numbers are given twice, say --reuse-after 180d`,
    },
    renamed > 0 && {
      ...plain,
      code: 'renamed_orders',
      count: renamed,
      fix: 'reuseAfter',
      text: `${plural(renamed, 'order has', 'orders have')} a number that another one had before, and ${renamed === 1 ? 'is' : 'are'} called by it with #2, #3 …`,
    },
    orderLines !== undefined &&
      orderLines.orders > 0 && {
        ...plain,
        code: 'order_lines',
        count: orderLines.orders,
        text: `${plural(orderLines.orders, 'order')} of several rows (${orderLines.rows}; ${orderLines.first.map(({ order, rows }) => `${shownText(order)}: ${rows}`).join(', ')}${orderLines.orders > orderLines.first.length ? ' …' : ''}): quantity and amount are summed, or the total that each row repeats is taken once; of other facts the first one counts`,
      },
    orderLines !== undefined &&
      orderLines.spread > 0 && {
        ...plain,
        code: 'spread_orders',
        count: orderLines.spread,
        lines: [...orderLines.spreadLines],
        text: `${plural(orderLines.spread, 'order comes again apart from its other rows', 'orders come again apart from their other rows')} (${linesText(orderLines.spreadLines, orderLines.spread)}), and the later rows count; if they are lines, sort the file by order`,
      },
    tally.repeated.count > 0 && {
      ...plain,
      code: duplicates === 'step' ? 'repeated_steps' : 'repeated_rows',
      count: tally.repeated.count,
      lines: [...tally.repeated.lines],
      fix: 'duplicates',
      text: repeatedText(tally.repeated, duplicates),
    },
    // Users who have chosen to keep repeated rows do not need this remark.
    duplicates === 'once' &&
      tally.sameSteps.count > 0 && {
        ...plain,
        code: 'same_steps',
        count: tally.sameSteps.count,
        lines: [...tally.sameSteps.lines],
        fix: 'duplicates',
        text: sameStepsText(tally.sameSteps),
      },
    crowded.length > 0 && {
      ...plain,
      code: 'crowded_orders',
      count: crowded.length,
      params: { orders: crowdedText(crowded) },
      text: `${plural(crowded.length, 'order has', 'orders have')} 10,000 rows or more (${crowdedText(crowded)}): if such a number stands for many orders, as ADJ-000 or NULL do, leave its rows out or give each order its own number`,
    },
    tally.startsIgnored > 0 && {
      ...plain,
      code: 'starts_ignored',
      count: tally.startsIgnored,
      text: `${plural(tally.startsIgnored, 'row begins after it ends', 'rows begin after they end')}; the begin was left out`,
    },
    !orders &&
      (meaning === 'entered' || meaning === 'lifecycle') &&
      startedAt !== undefined &&
      eventType === undefined && {
        ...plain,
        code: 'start_not_used',
        count: 1,
        params: { column: shownText(startedAt.header) },
        fix: 'as',
        text: `${shownText(startedAt.header)} is not used: a row says what happened at one time`,
      },
    zoneColumn !== undefined &&
      clock !== undefined && {
        ...plain,
        code: 'zone_not_used',
        count: 1,
        params: { column: zoneColumn.header, zone: clock.zone },
        fix: 'timezone',
        text: `${zoneColumn.header} is not used: all times without offset are read in ${clock.zone}; write the offsets into the times if they differ`,
      },
    utcColumn !== undefined && {
      ...plain,
      code: 'header_zone',
      count: utcColumn.local?.rows ?? 0,
      params: { column: utcColumn.header, zone: utcColumn.local?.zone ?? '' },
      fix: 'timezone',
      text: `${utcColumn.header} says that its times are in UTC, but those without offset were read in ${utcColumn.local?.zone}; say --timezone UTC if the header is right`,
    },
    !orders &&
      meaning !== 'lifecycle' &&
      lifecycle !== undefined &&
      eventType === undefined && {
        ...plain,
        code: 'lifecycle_not_used',
        count: 1,
        params: { column: shownText(lifecycle.header) },
        fix: 'as',
        text: `${shownText(lifecycle.header)} is not used; if it says what happened to an activity (start, complete), say --as lifecycle`,
      },
  ]
  return [...ofTable, ...ofRows.filter((remark) => remark !== false), ...factRemarks(facts)]
}

const utcHeader = /(?:^|[^\p{L}])(?:utc|gmt)(?:$|[^\p{L}])/iu
/** A column of time zones or UTC offsets. */
const zoneHeader = /^(?:(?:event|local)[ _-]?)?(?:time[ _-]?zone|tz|zone|utc[ _-]?offset|zeitzone|时区|時區)$/i

function repeatedText(
  { count, lines }: ImportResult['tally']['repeated'],
  duplicates: ImportResult['how']['duplicates'],
): string {
  const where = linesText(lines, count)
  if (duplicates === 'step') {
    return `${plural(count, 'row')} of the order, stage and time of another one count${count === 1 ? 's' : ''} no more (${where})`
  }
  const rows =
    count === 1
      ? '1 row equals another one in every cell and counts'
      : `${count} rows equal other ones in every cell and count`
  return `${rows} once (${where}); with --duplicates keep each counts`
}

const shownCrowded = 3

function crowdedText(crowded: ReturnType<ImportResult['tally']['crowdedOrders']>): string {
  const shown = crowded.slice(0, shownCrowded).map(({ order, rows }) => `${shownText(order)}: ${rows}`)
  return [...shown, ...(crowded.length > shownCrowded ? ['…'] : [])].join(', ')
}

function sameStepsText({ count, lines }: ImportResult['tally']['sameSteps']): string {
  const rows = count === 1 ? '1 row has' : `${count} rows have`
  return `${rows} the order, stage and time of another one, and each counts as a visit (${linesText(lines, count)}); if they are lines of an order, say --duplicates step, so that they count once`
}

function factRemarks({ changed, refused, omitted, kept }: RestatedFacts): ReportRemark[] {
  const texts = [
    [
      'facts_changed',
      changed,
      `facts of ${plural(changed, 'order')} differ from an earlier import; they hold from the last event on that is known`,
    ],
    [
      'facts_kept',
      kept,
      `${plural(kept, 'order')} known with another actor, begin of work or process, which stay as they were`,
    ],
    [
      'facts_refused',
      refused,
      `facts of ${plural(refused, 'order')} differ from an earlier import, and the server has refused them`,
    ],
    [
      'facts_omitted',
      omitted,
      `${plural(omitted, 'row')} with other facts than in an earlier import left as they were, because they are too many; import the file again`,
    ],
  ] as const
  return texts.flatMap(([code, count, text]) => (count > 0 ? [{ code, count, lines: [], params: {}, text }] : []))
}

function processOf({
  process,
  version,
  unchanged,
  lastStages,
}: DiscoveredProcess): NonNullable<ImportReport['process']> {
  return {
    code: process.code,
    exists: version !== undefined,
    stages: process.stages.map(({ code, targetMs, terminal }) => ({
      code,
      ...(targetMs !== undefined && { targetMs }),
      terminal: terminal === true,
    })),
    unchanged,
    lastStages,
  }
}
