export type Delimiter = ',' | ';' | '\t'

/** The delimiter that the header line has most of outside quotes; a comma when it has none. */
export function detectDelimiter(head: string): Delimiter {
  const counts = { ',': 0, ';': 0, '\t': 0 }
  let quoted = false
  for (const char of head.trimStart()) {
    if (char === '"') quoted = !quoted
    else if (quoted) continue
    else if (char === '\n' || char === '\r') break
    else if (char === ',' || char === ';' || char === '\t') counts[char] += 1
  }
  if (counts[';'] > counts[','] && counts[';'] >= counts['\t']) return ';'
  return counts['\t'] > counts[','] ? '\t' : ','
}
