/** The samples of a Prometheus exposition by name and labels. @throws on a line that is neither sample nor comment. */
export function parseExposition(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || comment.test(line)) continue
    const [, series, value] = sample.exec(line) ?? []
    if (series === undefined || value === undefined) throw new Error(`no sample: ${line}`)
    if (samples.has(series)) throw new Error(`twice: ${series}`)
    samples.set(series, Number(value.replace('Inf', 'Infinity')))
  }
  return samples
}

const comment = /^# (?:HELP \w+ .+|TYPE \w+ (?:counter|gauge|histogram|summary))$/
const sample = /^(\w+(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)+\})?) ([-+]?(?:\d[\d.e+-]*|Inf)|NaN)$/i
