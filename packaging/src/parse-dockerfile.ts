export interface Instruction {
  readonly keyword: string
  /** The rest of the line, with continued lines joined. */
  readonly value: string
}

export interface Stage {
  /** The image that it starts from. */
  readonly base: string
  readonly name: string | undefined
  readonly instructions: readonly Instruction[]
}

const keywords = new Set(
  'ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
)

/**
 * The stages of a Dockerfile, first to last. It understands what our own file uses.
 * @throws Error naming the line that it does not understand.
 */
export function parseDockerfile(text: string): Stage[] {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = []
  const lines = text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line))
  const joined = lines.join('\n').replaceAll(/\s*\\\n\s*/g, ' ')
  for (const line of joined.split('\n')) {
    const [, keyword = '', value = ''] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? []
    if (!keywords.has(keyword)) throw new Error(`not understood: ${line}`)
    if (keyword === 'FROM') {
      const [, base = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(value) ?? []
      if (base === '') throw new Error(`not understood: ${line}`)
      stages.push({ base, name, instructions: [] })
    } else {
      const stage = stages.at(-1)
      if (stage === undefined) throw new Error(`before the first FROM: ${line}`)
      stage.instructions.push({ keyword, value })
    }
  }
  return stages
}

/** The value of the last instruction with this keyword. */
export function lastValue({ instructions }: Stage, keyword: string): string | undefined {
  return instructions.findLast((instruction) => instruction.keyword === keyword)?.value
}

/** The variables of all instructions with this keyword: `NAME=value`, `NAME="quoted value"`. */
export function variablesOf({ instructions }: Stage, keyword: 'ENV' | 'LABEL' | 'ARG'): Record<string, string> {
  const values = instructions.filter((instruction) => instruction.keyword === keyword).map(({ value }) => value)
  const pairs = values.flatMap((value) => [...value.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)])
  return Object.fromEntries(pairs.map(([, name, quoted, plain]) => [name, quoted ?? plain ?? '']))
}

/** The words of an instruction in its JSON form, which no shell interprets. */
export function wordsOf(value: string): string[] {
  const words: unknown = JSON.parse(value)
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) throw new Error(`no words: ${value}`)
  return words
}
