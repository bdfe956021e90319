/**
 * How a column is searched for a name.
 *
 * - `exact`: the whole text is the name.
 * - `text`: the name occurs in the text.
 * - `json`: a whole string of the JSON value is the name, or a key.
 * - `jsonText`: the name occurs in a string of the JSON value.
 * - `query`: the name occurs in the query string of an address.
 * - `raw`: the name occurs in a text that may be JSON.
 */
export type SearchMode = 'exact' | 'text' | 'json' | 'jsonText' | 'query' | 'raw'

/** A table besides the log in which names of customers or employees are stored. */
export interface ErasedPlace {
  readonly table: string
  readonly columns: Readonly<Record<string, SearchMode>>
  /** Rows are deleted, because what they contain is kept for a few days only. */
  readonly isDeleted?: true
}

/** Tables that are written from the log, and folded again once the log has been changed. */
export const foldedTables: readonly string[] = ['orders', 'visits']

/** The tables of the record, whose rows keep the hashes with which they were sealed. */
export const sealedTables: readonly string[] = ['events', 'changes']

export const erasedPlaces: readonly ErasedPlace[] = [
  // Rules, which otherwise would no longer apply to the orders of the customer.
  { table: 'processes', columns: { definition: 'json' } },
  { table: 'process_drafts', columns: { definition: 'json', actor: 'exact' } },
  { table: 'alert_rules', columns: { condition: 'json', scope: 'json', name: 'text', names: 'jsonText' } },
  { table: 'sites', columns: { translations: 'json' } },
  { table: 'screens', columns: { settings: 'json', approved_by: 'exact' } },
  { table: 'saved_views', columns: { search: 'query', name: 'text' } },
  { table: 'import_mappings', columns: { mapping: 'json', changed_by: 'exact' } },
  { table: 'customer_news', columns: { settings: 'json' } },
  // What happened.
  { table: 'quarantine', columns: { raw: 'raw' }, isDeleted: true },
  { table: 'corrections', columns: { removed: 'json', added: 'json' } },
  {
    table: 'imports',
    columns: { actor: 'exact', undo_actor: 'exact', undo_reason: 'text', report: 'jsonText', file: 'text' },
  },
  { table: 'uploads', columns: { sender: 'exact', file: 'text', report: 'jsonText', last_check: 'jsonText' } },
  // What people wrote and were told.
  { table: 'messages', columns: { recipient: 'exact', message: 'jsonText' } },
  { table: 'webhook_deliveries', columns: { body: 'jsonText' } },
  { table: 'alert_log', columns: { by: 'exact', text: 'text' } },
  { table: 'alerts', columns: { hand_over: 'jsonText' } },
  { table: 'handovers', columns: { content: 'jsonText', remark: 'text' } },
  { table: 'handover_notes', columns: { text: 'text', author_name: 'exact' } },
  { table: 'tasks', columns: { title: 'text', titles: 'jsonText', hand_over: 'jsonText' } },
  { table: 'task_entries', columns: { text: 'text' } },
  { table: 'approvals', columns: { requester: 'exact', flow: 'json' } },
  { table: 'approval_entries', columns: { by_name: 'exact', for_name: 'exact', to_name: 'exact', comment: 'text' } },
]

/** A name as statements search for it, and what replaces it: the second parameter of every statement. */
export type SearchedName = readonly [plain: string, inJson: string, inQuery: string, pseudonym: string]

/** @param pseudonym Needs no escaping anywhere. Undefined: the name is only searched for. */
export function searchedName(name: string, pseudonym = ''): SearchedName {
  const inQuery = new URLSearchParams({ name }).toString().slice('name='.length)
  return [name, JSON.stringify(name).slice(1, -1), inQuery, pseudonym]
}

/** SQL for the parts of the parameter. */
export const searched = {
  plain: '($2::text[])[1]',
  inJson: '($2::text[])[2]',
  inQuery: '($2::text[])[3]',
  pseudonym: '($2::text[])[4]',
} as const

/** A whole string of a JSON value. */
const quoted = (text: string) => `'"' || ${text} || '"'`

/**
 * SQL for whether a column contains the name.
 * @param column With the alias of its table.
 */
export function isFound(column: string, mode: SearchMode): string {
  switch (mode) {
    case 'exact':
      return `${column} = ${searched.plain}`
    case 'text':
      return `strpos(${column}, ${searched.plain}) > 0`
    case 'json':
      return `strpos(${column}::text, ${quoted(searched.inJson)}) > 0`
    case 'jsonText':
      return `strpos(${column}::text, ${searched.inJson}) > 0`
    case 'query':
      return `strpos(${column}, ${searched.inQuery}) > 0`
    case 'raw':
      return `(${isFound(column, 'text')} or ${isFound(column, 'jsonText')})`
  }
}

/** SQL for the column with the pseudonym instead of the name. */
export function withoutName(column: string, mode: SearchMode, isJson: boolean): string {
  const cast = isJson ? '::jsonb' : ''
  switch (mode) {
    case 'exact':
      return `case when ${column} = ${searched.plain} then ${searched.pseudonym} else ${column} end`
    case 'text':
      return `replace(${column}, ${searched.plain}, ${searched.pseudonym})`
    case 'json':
      return `replace(${column}::text, ${quoted(searched.inJson)}, ${quoted(searched.pseudonym)})${cast}`
    case 'jsonText':
      return `replace(${column}::text, ${searched.inJson}, ${searched.pseudonym})${cast}`
    case 'query':
      return `replace(${column}, ${searched.inQuery}, ${searched.pseudonym})`
    case 'raw':
      return withoutName(withoutName(column, 'text', false), 'jsonText', isJson)
  }
}
