/** One node of a tree that has changed; without `value` it is removed. */
export interface Change {
  readonly path: string[]
  readonly value?: unknown
}

type Tree = Readonly<Record<string, unknown>>

/**
 * The changes that turn one plain-JSON tree into another. Objects are compared recursively; arrays and scalars are
 * replaced as a whole, so lists that change partially are kept as records keyed by id with an array that defines their
 * order.
 */
export function diffTrees(from: Tree, to: Tree, path: readonly string[] = []): Change[] {
  const changes: Change[] = []
  for (const [key, before] of Object.entries(from)) {
    if (before !== undefined && ownValue(to, key) === undefined) changes.push({ path: [...path, key] })
  }
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue
    const before = ownValue(from, key)
    if (isTree(before) && isTree(value)) changes.push(...diffTrees(before, value, [...path, key]))
    else if (!sameValue(before, value)) changes.push({ path: [...path, key], value })
  }
  return changes
}

/** The tree after the changes; unchanged nodes keep their identity, so that React skips them. */
export function applyChanges<T extends object>(tree: T, changes: readonly Change[]): T {
  let root = tree
  for (const change of changes) root = setPlace(root, change, 0)
  return root
}

function setPlace<T extends object>(tree: T, change: Change, depth: number): T {
  const key = change.path[depth]
  if (key === undefined) return tree
  const copy = new Map<string, unknown>(Object.entries(tree))
  if (depth < change.path.length - 1) {
    const child = copy.get(key)
    copy.set(key, setPlace(isTree(child) ? child : {}, change, depth + 1))
  } else if (change.value === undefined) copy.delete(key)
  else copy.set(key, change.value)
  // Built from entries, so that a key named `__proto__` stays data. The shape is guaranteed by the server, because both
  // sides share the schema.
  return Object.fromEntries(copy) as T
}

/** Keys may be named `constructor` or `__proto__`, which every object inherits. */
function ownValue(tree: Tree, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]))
  if (isTree(a) && isTree(b)) return diffTrees(a, b).length === 0
  return false
}
