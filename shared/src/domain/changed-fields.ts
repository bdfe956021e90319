/** One value that differs; `undefined`: it did not, or does not, exist. */
export interface ChangedField {
  /** Names from the outermost to the innermost. */
  readonly path: readonly string[]
  readonly before: Scalar | undefined
  readonly after: Scalar | undefined
}

/** A list of plain values counts as one value, because order and membership belong together. */
export type Scalar = string | number | boolean | readonly (string | number | boolean)[]

/** Differences between two recorded states, in the order of the later one; list items are matched by code or date. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const [old, fresh] = [flatten(before), flatten(after)]
  return [...new Map([...fresh, ...old]).keys()].flatMap((key) => {
    const [was, is] = [old.get(key), fresh.get(key)]
    if (JSON.stringify(was?.value) === JSON.stringify(is?.value)) return []
    const path = (is ?? was)?.path ?? []
    return [{ path, before: was?.value, after: is?.value }]
  })
}

interface Leaf {
  readonly path: readonly string[]
  readonly value: Scalar
}

function flatten(value: unknown, path: readonly string[] = [], leaves = new Map<string, Leaf>()): Map<string, Leaf> {
  if (value === null || value === undefined) return leaves
  if (isScalar(value)) leaves.set(JSON.stringify(path), { path, value })
  else if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) flatten(member, [...path, nameOf(member, index)], leaves)
  } else if (typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) flatten(member, [...path, name], leaves)
  }
  return leaves
}

function isScalar(value: unknown): value is Scalar {
  return Array.isArray(value) ? value.every((member) => isPlain(member)) : isPlain(value)
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function nameOf(member: unknown, index: number): string {
  if (typeof member === 'object' && member !== null) {
    if ('code' in member && typeof member.code === 'string') return member.code
    if ('validFrom' in member && typeof member.validFrom === 'string') return member.validFrom
    if ('date' in member && typeof member.date === 'string') return member.date
  }
  return String(index + 1)
}
