import { shownText } from '../../platform/english-text.ts'
import type { AppError } from '../../platform/app-error.ts'
import { FileError } from '../tables/file-error.ts'

/** Columns with facts of an order, which rows of every kind may have. */
export const factColumns = {
  customer: [
    'customer',
    '客户',
    'customer_name',
    '客户名称',
    '客户简称',
    '购货单位',
    'kunde',
    'kundenname',
    'client',
    'klient',
    '得意先',
    '顧客',
  ],
  customerClass: ['customer_class', '客户等级'],
  product: [
    'product',
    '产品',
    'product_name',
    '产品名称',
    '商品名称',
    '物料名称',
    'artikel',
    'produkt',
    'produit',
    '製品',
    '品名',
  ],
  department: ['department', 'org:group', '部门', 'team', 'org:role', 'abteilung'],
  promisedAt: [
    'due_at',
    'promised_at',
    '承诺交期',
    'due_date',
    'delivery_date',
    '交货日期',
    '要货日期',
    'liefertermin',
    '納期',
    'wunschtermin',
  ],
  quantity: ['quantity', '数量', 'qty', 'menge', 'stückzahl', 'quantité', 'ilość'],
  amount: ['amount', '金额', 'total', 'order_total', 'grand_total', '价税合计', 'betrag', 'montant', 'kwota', '金額'],
  currency: ['currency', '币种', '币别', 'währung'],
  priority: ['priority', '优先级', 'priorität'],
  waybill: ['waybill', 'waybill_no', 'tracking_number', '运单号', '快递单号', '物流单号'],
} as const

/**
 * Known headers of each column, in order of preference: those of the documented format, then those of well-known
 * exports (pm4py, Disco, Celonis, UiPath, Apromore, WooCommerce, Odoo, SAP, 金蝶, 用友, 简道云, 聚水潭, 旺店通), then common names
 * of such columns in other languages.
 */
export const eventColumns = {
  order: [
    'order_id',
    'order',
    'case:concept:name',
    'case_id',
    '订单号',
    'order_number',
    'order_no',
    'case',
    'case_key',
    '_case_key',
    'order_reference',
    'vbeln',
    '订单编号',
    '单据编号',
    '单据号',
    '内部订单号',
    '流水号',
    '单号',
    '工单号',
    '工单编号',
    '生产订单号',
    '订单',
    '訂單編號',
    '訂單號',
    '单据编码',
    '注文番号',
    '受注番号',
    '주문번호',
    'auftrag',
    'auftragsnummer',
    'auftragsnr',
    'bestellnummer',
    'bestellnr',
    'numéro de commande',
    'nr zamówienia',
    'numer zamówienia',
    'zamówienie',
    'número de pedido',
  ],
  stage: [
    'stage',
    'activity',
    'concept:name',
    '环节',
    'activity_name',
    '_activity',
    'activity_en',
    'order_status',
    '订单状态',
    '单据状态',
    '当前节点',
    '节点名称',
    'milestone',
    '工序',
    '工序名称',
    '节点',
    '步骤',
    '阶段',
    '状态',
    '環節',
    '狀態',
    '工程',
    'ステータス',
    '공정',
    'status',
    'step',
    'vorgang',
    'arbeitsschritt',
    'arbeitsgang',
    'étape',
    'etap',
    'etapa',
  ],
  time: [
    'timestamp',
    'time:timestamp',
    'occurred_at',
    '时间',
    'complete_timestamp',
    'end_timestamp',
    'event_time',
    'eventtime',
    'event_end',
    'end_time',
    'ended_at',
    'end',
    'endzeit',
    'ende',
    'fin',
    '終了日時',
    'finished_at',
    '结束时间',
    'complete_time',
    'completed_at',
    'date_time',
    '操作时间',
    '完成时间',
    '更新时间',
    'order_date',
    'date_created',
    '下单时间',
    '单据日期',
    'reached_at',
    'time',
    'datetime',
    '报工时间',
    '发生时间',
    '時間',
    '日時',
    '시간',
    'zeitstempel',
    'zeitpunkt',
    'horodatage',
    'date',
    '日期',
    'datum',
    'fecha',
  ],
  /** Only used if the user chooses it, because a column called `time` may contain a complete timestamp. */
  timeOfDay: [],
  eventId: ['event_id'],
  eventType: ['event_type'],
  lifecycle: ['lifecycle:transition', 'lifecycle_transition', 'lifecycle', 'lifecycle_id', 'transition'],
  instance: ['concept:instance', 'activity_instance', 'activity_instance_id'],
  startedAt: [
    'started_at',
    'start_timestamp',
    '开始时间',
    'start_time',
    'event_start',
    'start_date',
    'start',
    'begin',
    'startzeit',
    'beginn',
    'début',
    '開始時間',
    '開始日時',
  ],
  actor: ['actor', 'org:resource', '操作人', 'resource', 'user', 'user_name', '处理人', '经办人', 'bearbeiter'],
  ...factColumns,
} as const

export const orderColumns = {
  order: eventColumns.order,
  ...factColumns,
  time: ['placed_at', 'order_date', '下单时间', 'created_at', 'date_created', '单据日期'],
  timeOfDay: eventColumns.timeOfDay,
} as const

const stateHeader = /status|state|状态|狀態|ステータス/i

/** Whether a column may contain the current state of an order rather than the stage of an event. */
export function isStateColumn({ header }: Column): boolean {
  return stateHeader.test(header.normalize('NFKC'))
}

/** Columns chosen by the user: header or 1-based position of each. */
export type ChosenColumns = ReadonlyMap<string, string>

/** A column of the file: its position and its header. */
export interface Column {
  readonly index: number
  readonly header: string
}

/** The columns found in a file. */
export type Columns<Name extends string> = { readonly [K in Name]?: Column }

/**
 * Finds the columns by their headers, ignoring case, spaces, dots, underscores, hyphens and full width. If two headers match,
 * the one that comes first in `known` wins.
 * @throws AppError if the user chose a column that does not exist, or if two columns have the winning header, because
 * only the user can tell which of them is meant.
 */
export function findColumns<Name extends string>(
  header: readonly string[],
  known: { readonly [K in Name]: readonly string[] },
  chosen: ChosenColumns = new Map(),
): Columns<Name> {
  const keys = header.map(headerKey)
  const columns: { [K in Name]?: Column } = {}
  // Of chosen columns only, because no header is an alias of two names.
  const taken = new Set<number>()
  for (const name in known) {
    const said = chosen.get(name)
    const index = said === undefined ? undefined : placeOf(said, name, header, keys)
    if (index === undefined) continue
    columns[name] = { index, header: header[index] ?? '' }
    taken.add(index)
  }
  for (const name in known) {
    if (columns[name] !== undefined) continue
    for (const alias of known[name]) {
      const places = placesOf(headerKey(alias), keys).filter((index) => !taken.has(index))
      if (places.length > 1) throw sameNames(name, alias, places)
      const [index] = places
      if (index === undefined) continue
      columns[name] = { index, header: header[index] ?? alias }
      break
    }
  }
  return columns
}

function placesOf(key: string, keys: readonly string[]): number[] {
  return keys.flatMap((other, index) => (other === key ? [index] : []))
}

export function placeOf(said: string, name: string, header: readonly string[], keys: readonly string[]): number {
  const place = /^\d{1,3}$/.test(said) ? Number(said) - 1 : undefined
  // A header may also be a number.
  const places = placesOf(headerKey(said), keys)
  if (places.length > 1) throw sameNames(name, said, places)
  const [index = place] = places
  if (index === undefined || header[index] === undefined) {
    throw new FileError(
      'missing_field',
      'unknown_column',
      `the file has no column ${said} for ${name}; it has: ${namesOf(header)}`,
      { params: { column: name, header: said, headers: namesOf(header) }, field: `columns.${name}` },
    )
  }
  return index
}

function sameNames(name: string, header: string, places: readonly number[]): AppError {
  const which = places.map((index) => index + 1)
  return new FileError(
    'bad_request',
    'same_name',
    `the file has ${which.length} columns called ${header}, in places ${which.join(' and ')}; say which one is meant with --column ${name}=${which[0]}`,
    { params: { column: name, header, places: which.join(', ') }, field: `columns.${name}`, reason: 'twice' },
  )
}

/**
 * @param hint another possible reason.
 * @throws FileError that lists all that are missing and what the file has.
 */
export function requireColumns<Name extends string>(
  columns: Columns<Name>,
  names: readonly Name[],
  known: { readonly [K in Name]: readonly string[] },
  header: readonly string[],
  hint = '',
): void {
  const missing = names.filter((name) => columns[name] === undefined)
  const [first, ...more] = missing
  if (first === undefined) return
  const wanted = missing.map((name) => `${name}, such as ${known[name].slice(0, shownAliases).join(', ')}`)
  const options = missing.map((name) => `--column ${name}=HEADER`)
  const has = `it has: ${namesOf(header)}`
  const params = { headers: namesOf(header) }
  const field = `columns.${first}`
  if (more.length === 0)
    throw new FileError(
      'missing_field',
      'missing_column',
      `the file has no column for ${wanted.join('')}; ${has}. Say which one it is with ${options.join('')}${hint}`,
      { params: { column: first, ...params }, field },
    )
  throw new FileError(
    'missing_field',
    'missing_columns',
    `the file has no columns for ${wanted.join('; for ')}; ${has}. Say which ones they are with ${options.join(' ')}${hint}`,
    { params: { columns: missing.join(','), ...params }, field },
  )
}

/** The same for a single one. */
export function requireColumn<Name extends string>(
  columns: Columns<Name>,
  name: Name,
  known: { readonly [K in Name]: readonly string[] },
  header: readonly string[],
): Column {
  requireColumns(columns, [name], known, header)
  const column = columns[name]
  if (column === undefined) throw new Error(`the column ${name} is missing`)
  return column
}

const shownAliases = 5
const shownHeaders = 20

function namesOf(header: readonly string[]): string {
  const names = header.slice(0, shownHeaders).map((name) => shownText(name))
  return `${names.join(', ')}${header.length > shownHeaders ? ` and ${header.length - shownHeaders} more` : ''}`
}

/** Order ID, order_id and ＯＲＤＥＲ－ＩＤ have the same key, and so have Auftrags-Nr. and Auftragsnr. */
export function headerKey(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s._-]/g, '')
}
