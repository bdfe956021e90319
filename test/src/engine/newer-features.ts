import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CompatData, CompatStatement, Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data'

/** Read as a file, because a test runner takes half a minute to transform 18 MB. */
const file = fileURLToPath(import.meta.resolve('@mdn/browser-compat-data'))
const data = JSON.parse(readFileSync(file, 'utf8')) as CompatData

/** Features that a Chromium version lacks, according to MDN's compatibility data. */
export interface NewerFeatures {
  /** Global constructors and functions. */
  readonly globals: ReadonlySet<string>
  /** Static members of constructors, such as `Object.hasOwn`. */
  readonly statics: ReadonlySet<string>
  /** Instance methods, without those whose name also exists on an older object, because the name alone is ambiguous. */
  readonly methods: ReadonlySet<string>
  readonly cssProperties: ReadonlySet<string>
  /** Without the `@`. */
  readonly cssAtRules: ReadonlySet<string>
  /** Without the colons. */
  readonly cssSelectors: ReadonlySet<string>
  /** A property with a keyword, such as `grid-template-rows subgrid`. */
  readonly cssKeywords: ReadonlySet<string>
  /** Without the parentheses, such as `color-mix`. */
  readonly cssFunctions: ReadonlySet<string>
  /** Such as `dvh`. */
  readonly cssUnits: ReadonlySet<string>
}

/**
 * Objects whose methods are checked by name. Methods of other objects (`move` of a disposable stack, `resize` of a
 * buffer) share their names with methods that libraries define themselves.
 */
const checkedOwners = new Set([
  'Array',
  'Date',
  'Error',
  'Map',
  'Object',
  'Promise',
  'RegExp',
  'Set',
  'String',
  'WeakMap',
  'AbortSignal',
  'Blob',
  'CanvasRenderingContext2D',
  'Crypto',
  'Document',
  'Element',
  'Headers',
  'HTMLElement',
  'Node',
  'Request',
  'Response',
  'URL',
  'URLSearchParams',
])

/** @param chromium major version. */
export function newerThan(chromium: number): NewerFeatures {
  const isNewer = (entry: Identifier | undefined): boolean => {
    const { __compat: statement } = entry ?? {}
    return statement !== undefined && !has(statement)
  }
  const { builtins = {} } = data.javascript
  const globals = new Set<string>()
  const statics = new Set<string>()
  const newMethods = new Set<string>()
  const oldMethods = new Set<string>()

  for (const [owner, entry] of [...members(builtins), ...members(builtins['Intl'] ?? {}, 'Intl.')]) {
    if (isNewer(entry)) (owner.includes('.') ? statics : globals).add(owner)
    for (const [name, member] of members(entry)) {
      const place = placeOf(owner, name)
      if (place === 'static' && isNewer(member)) statics.add(`${owner}.${name}`)
      if (place === 'method') addMethod(owner, name, isNewer(member) || isNewer(entry))
    }
  }
  for (const [owner, entry] of members(data.api)) {
    if (isNewer(entry)) globals.add(owner)
    for (const [name, member] of members(entry)) {
      if (!name.endsWith('_static')) addMethod(owner, name, isNewer(member) || isNewer(entry))
      else if (isNewer(member)) statics.add(`${owner}.${name.slice(0, -'_static'.length)}`)
    }
  }
  for (const [name, entry] of members(data.api['Window'] ?? {})) if (isNewer(entry)) globals.add(name)
  const { properties = {}, 'at-rules': atRules = {}, selectors = {}, types = {} } = data.css
  return {
    globals,
    statics,
    methods: newMethods.difference(oldMethods),
    cssProperties: new Set(newer(properties)),
    cssAtRules: new Set(newer(atRules)),
    cssSelectors: new Set(newer(selectors)),
    cssKeywords: new Set(members(properties).flatMap(([name, entry]) => newer(entry).map((word) => `${name} ${word}`))),
    cssFunctions: new Set([...newer(types), ...members(types).flatMap(([, entry]) => newer(entry))]),
    // CSS Typed OM has a function for each unit, added together with the unit.
    cssUnits: new Set([...statics].flatMap((name) => (name.startsWith('CSS.') ? [name.slice('CSS.'.length)] : []))),
  }

  function addMethod(owner: string, name: string, isNew: boolean): void {
    if (!isNew) oldMethods.add(name)
    else if (checkedOwners.has(owner)) newMethods.add(name)
  }

  function has({ support }: CompatStatement): boolean {
    const chrome = support.chrome
    const statements = Array.isArray(chrome) ? chrome : [chrome]
    return statements.some((statement) => statement !== undefined && isSupported(statement))
  }

  function isSupported({
    version_added: added,
    version_removed: removed,
    flags,
    prefix,
    ...rest
  }: SimpleSupportStatement) {
    if (flags !== undefined || prefix !== undefined || rest.alternative_name !== undefined) return false
    if (removed !== undefined && Number.parseInt(removed.replace('≤', ''), 10) <= chromium) return false
    return typeof added === 'string' && Number.parseInt(added.replace('≤', ''), 10) <= chromium
  }

  function newer(parent: Identifier): string[] {
    return members(parent).flatMap(([name, entry]) => (isNewer(entry) ? [name] : []))
  }
}

function members(parent: Identifier, prefix = ''): [string, Identifier][] {
  return Object.entries(parent).flatMap(([name, entry]) =>
    name === '__compat' || entry === undefined
      ? []
      : [[`${prefix}${name}`, entry as Identifier] as [string, Identifier]],
  )
}

/** The engine that runs this code determines whether a name is a static or an instance member. */
function placeOf(owner: string, name: string): 'static' | 'method' | undefined {
  const known: unknown = owner.split('.').reduce<unknown>((parent, key) => read(parent, key), globalThis)
  if ((typeof known !== 'object' && typeof known !== 'function') || known === null) return undefined
  if (!['length', 'name', 'prototype', 'arguments', 'caller'].includes(name) && Object.hasOwn(known, name))
    return 'static'
  const prototype = read(known, 'prototype')
  return typeof prototype === 'object' && prototype !== null && name in prototype ? 'method' : undefined
}

function read(parent: unknown, key: string): unknown {
  if ((typeof parent !== 'object' && typeof parent !== 'function') || parent === null || !(key in parent))
    return undefined
  return (parent as Readonly<Record<string, unknown>>)[key]
}
