import { parse, type AnyNode, type Identifier, type MemberExpression, type Node } from 'acorn'
import { ancestor } from 'acorn-walk'
import postcss, { type AtRule, type ChildNode, type Declaration } from 'postcss'
import type { NewerFeatures } from './newer-features.ts'

const iteratorSources = new Set(['entries', 'keys', 'matchAll', 'values'])
const arraySources = new Set(['Object.entries', 'Object.keys', 'Object.values'])
const iteratorHelpers = new Set([
  'drop',
  'every',
  'filter',
  'find',
  'flatMap',
  'forEach',
  'map',
  'reduce',
  'some',
  'take',
  'toArray',
])

/** The name of a feature, with the text around its use. */
export interface Unsupported {
  readonly feature: string
  readonly near: string
}

/**
 * The features that a script uses and the engine lacks: syntax, globals, static members, and methods by name. A use
 * that is guarded (`typeof name`, `object.name?.()`) is not reported.
 */
export function unsupportedInScript(code: string, { globals, statics, methods }: NewerFeatures): Unsupported[] {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' })
  const found = new Map<string, Unsupported>()
  const declared = new Set<string>()
  const asked = new Set<string>()
  const uses: (() => void)[] = []
  const note = (feature: string, { start }: Node): void => {
    if (!found.has(feature)) found.set(feature, { feature, near: code.slice(Math.max(0, start - 40), start + 60) })
  }

  ancestor(program, {
    StaticBlock: (node) => note('static block', node),
    AwaitExpression: (node, _state, path) => {
      if (!path.some(isFunction)) note('top-level await', node)
    },
    ForOfStatement: (node, _state, path) => {
      if (node.await && !path.some(isFunction)) note('top-level await', node)
    },
    BinaryExpression: (node) => {
      if (node.left.type === 'PrivateIdentifier') note('#name in object', node)
    },
    Literal: (node) => {
      if (node.regex === undefined) return
      for (const flag of ['d', 'v']) if (node.regex.flags.includes(flag)) note(`flag ${flag} of a pattern`, node)
      if (/\(\?[ims]*-?[ims]*:/.test(node.regex.pattern) && !node.regex.pattern.includes('(?:'))
        note('pattern modifiers', node)
    },
    ImportDeclaration: (node) => {
      if (node.attributes.length > 0) note('import attributes', node)
    },
    VariableDeclaration: (node) => {
      if (node.kind === 'using' || node.kind === 'await using') note('using', node)
    },
    Pattern: (node) => void (node.type === 'Identifier' && declared.add(node.name)),
    Function: (node) => void (node.id && declared.add(node.id.name)),
    Class: (node) => void (node.id && declared.add(node.id.name)),
    UnaryExpression: ({ operator, argument }) => {
      if (operator === 'typeof') asked.add(nameOf(argument))
    },
    Identifier: (node) => uses.push(() => onGlobal(node)),
    MemberExpression: (node, _state, path) => {
      const parent = path.at(-2)
      uses.push(() => onMember(node, parent))
    },
  })
  // A declaration or a guard may come after the use.
  for (const look of uses) look()
  return [...found.values()]

  function onGlobal(node: Identifier): void {
    if (globals.has(node.name) && !declared.has(node.name) && !asked.has(node.name)) note(node.name, node)
  }

  function onMember(node: MemberExpression, parent: AnyNode | undefined): void {
    const { object, property } = node
    if (node.computed || property.type !== 'Identifier') return
    const whole = nameOf(node)
    const isCalled = parent?.type === 'CallExpression' && parent.callee === node
    const knowsBetter = node.optional || (isCalled && parent.optional)
    if (statics.has(whole) && !asked.has(whole) && !knowsBetter && !declared.has(whole.split('.')[0] ?? ''))
      note(whole, node)
    if (/^(window|globalThis|self)$/.test(nameOf(object)) && globals.has(property.name) && isCalled && !knowsBetter) {
      note(property.name, node)
    }
    if (!isCalled || knowsBetter) return
    if (methods.has(property.name)) note(`.${property.name}()`, node)
    const source = object.type === 'CallExpression' ? lastNameOf(object.callee) : ''
    const isIterator =
      object.type === 'CallExpression' && iteratorSources.has(source) && !arraySources.has(nameOf(object.callee))
    if (isIterator && iteratorHelpers.has(property.name)) note(`.${source}().${property.name}()`, node)
  }
}

/**
 * The features that a style sheet uses and the engine lacks. A use within `@supports`, or after a declaration of the
 * same property in the same rule, is a progressive enhancement and is not reported.
 */
export function unsupportedInStyle(css: string, features: NewerFeatures): Unsupported[] {
  const found = new Map<string, Unsupported>()
  postcss.parse(css).walk((node) => {
    if (isWithinSupports(node)) return
    for (const feature of newerIn(node, features)) {
      if (!found.has(feature)) found.set(feature, { feature, near: node.toString().slice(0, 100) })
    }
  })
  return [...found.values()]
}

function newerIn(node: ChildNode, features: NewerFeatures): string[] {
  switch (node.type) {
    case 'atrule':
      return [...(features.cssAtRules.has(node.name) ? [`@${node.name}`] : []), ...rangeIn(node)]
    case 'rule': {
      const parts = Array.from(node.selector.matchAll(/::?([a-z-]+)/g), ([, name = '']) => name)
      const isNested = node.parent?.type === 'rule' || node.selector.includes('&')
      return [
        ...parts.filter((name) => features.cssSelectors.has(name)).map((name) => `:${name}`),
        ...(isNested ? ['nesting'] : []),
      ]
    }
    case 'decl':
      return hasFallback(node) ? [] : newerInDeclaration(node, features)
    default:
      return []
  }
}

function newerInDeclaration({ prop, value }: Declaration, features: NewerFeatures): string[] {
  const functions = Array.from(value.matchAll(/([a-z-]+)\(/g), ([, name = '']) => name)
  const units = Array.from(value.matchAll(/(?<![\w-])[\d.]+([a-z]+)\b/g), ([, unit = '']) => unit)
  const words = Array.from(value.matchAll(/(?<![\w-])[a-z-]+(?![\w(-])/g), ([word]) => `${prop} ${word}`)
  return [
    ...(features.cssProperties.has(prop) ? [prop] : []),
    ...functions.filter((name) => features.cssFunctions.has(name)).map((name) => `${name}()`),
    ...units.filter((unit) => features.cssUnits.has(unit)),
    // An unknown font falls back to the next one in the list.
    ...(prop === 'font-family' || prop === 'font' ? [] : words.filter((word) => features.cssKeywords.has(word))),
  ]
}

/** Media query ranges such as `(width >= 600px)` need Chromium 104. */
function rangeIn({ name, params }: AtRule): string[] {
  return name === 'media' && /[<>]/.test(params) ? ['media range'] : []
}

function hasFallback(declaration: Declaration): boolean {
  const { prop, parent } = declaration
  const before = parent?.nodes.slice(0, parent.index(declaration)) ?? []
  return before.some((other) => other.type === 'decl' && other.prop === prop)
}

function isWithinSupports(node: ChildNode): boolean {
  for (let parent = node.parent; parent !== undefined; parent = parent.parent as typeof parent) {
    if (parent.type === 'atrule' && (parent as AtRule).name === 'supports') return true
  }
  return false
}

function isFunction({ type }: Node): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

/** A dotted name such as `Object.hasOwn`; empty if the expression contains anything but names. */
function nameOf(node: Node): string {
  const known = node as Identifier | MemberExpression
  if (known.type === 'Identifier') return known.name
  if (known.type !== 'MemberExpression' || known.computed) return ''
  const name = nameOf(known.object).replace(/^(window|globalThis|self)\./, '')
  return name === '' ? '' : `${name}.${nameOf(known.property)}`
}

function lastNameOf(node: Node): string {
  const known = node as Identifier | MemberExpression
  return known.type === 'MemberExpression' && !known.computed ? nameOf(known.property) : ''
}
