import type { ESTree } from 'vite'
import { parseSync, Visitor } from 'vite'

/** One small change of a source file, such as a programmer might make by mistake. */
export interface Mutant {
  /** Offsets in the source. */
  readonly start: number
  readonly end: number
  readonly replacement: string
}

/** `file` is relative to the root of the repository. */
export interface MutantOfFile extends Mutant {
  readonly file: string
}

/** A change that does not alter the program's behaviour, so no test can detect it. */
export interface EquivalentMutant {
  readonly file: string
  /** The trimmed source line. */
  readonly line: string
  /** The change as printed by the run. */
  readonly change: string
  readonly reason: string
}

const operators: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
}

/**
 * Finds the possible changes of a source: operators, conditions, booleans, numbers, and removed statements. Types,
 * imports and error messages are excluded, because no test checks them.
 */
export function findMutants(file: string, source: string): Mutant[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const mutants: Mutant[] = []
  const untouched: { readonly start: number; readonly end: number }[] = []
  const textOf = ({ start, end }: { start: number; end: number }): string => source.slice(start, end)
  const add = (start: number, end: number, replacement: string): void => void mutants.push({ start, end, replacement })
  const mutateLogical = (node: ESTree.LogicalExpression): void => {
    // Types require a fallback for every element of a list; most indexes are within bounds.
    if (node.operator === '??' && isElement(node.left) && isNumber(node.right)) untouched.push(node.right)
    mutateOperator(node)
  }
  const mutateOperator = ({ left, right, operator }: ESTree.BinaryExpression | ESTree.LogicalExpression): void => {
    const other = operators[operator]
    if (other === undefined || isText(left) || isText(right)) return
    const at = source.indexOf(operator, left.end)
    add(at, at + operator.length, other)
  }
  const negate = (test: ESTree.Expression): void => add(test.start, test.end, `!(${textOf(test)})`)
  new Visitor({
    TSLiteralType: (type) => void untouched.push(type),
    BinaryExpression: mutateOperator,
    LogicalExpression: mutateLogical,
    IfStatement: ({ test }) => negate(test),
    ConditionalExpression: ({ test, consequent, alternate }) => {
      negate(test)
      // Only the sign of a comparator matters, and equal elements may be in either order.
      if (!isNumber(consequent) || textOf(alternate) !== '1') return
      untouched.push(alternate)
      if (test.type === 'BinaryExpression') untouched.push({ start: test.left.end, end: test.right.start })
    },
    WhileStatement: ({ test }) => add(test.start, test.end, 'false'),
    UnaryExpression: ({ operator, argument, start, end }) => {
      if (operator === '!' || operator === '-') add(start, end, textOf(argument))
      // Only the sign is changed.
      if (operator === '-') untouched.push(argument)
    },
    Literal: ({ value, start, end }) => {
      if (typeof value === 'boolean') add(start, end, String(!value))
      // No test notices 51 rows instead of 50, but some test should notice twice as many.
      if (typeof value === 'number') add(start, end, String(value < 20 ? value + 1 : 2 * value))
    },
    ExpressionStatement: ({ expression, start, end }) => {
      const called = expression.type === 'AwaitExpression' ? expression.argument : expression
      if (called.type === 'CallExpression' || called.type === 'AssignmentExpression') {
        if (!textOf(called).startsWith('super(')) add(start, end, ';')
      }
    },
  }).visit(program)
  const isUntouched = (at: number): boolean => untouched.some(({ start, end }) => at >= start && at < end)
  // `a && b ?? c` is a syntax error.
  const isSource = (mutant: Mutant): boolean =>
    mutant.replacement !== '&&' || parseSync(file, applyMutant(source, mutant)).errors.length === 0
  return mutants
    .filter((mutant) => !isUntouched(mutant.start) && isSource(mutant))
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** Such as `list[i]`. */
function isElement(node: ESTree.Node): boolean {
  return node.type === 'MemberExpression' && node.computed && node.property.type === 'Identifier'
}

function isNumber(node: ESTree.Node): boolean {
  return node.type === 'UnaryExpression'
    ? isNumber(node.argument)
    : node.type === 'Literal' && typeof node.value === 'number'
}

function isText({ type, ...node }: ESTree.Node): boolean {
  return type === 'TemplateLiteral' || (type === 'Literal' && 'value' in node && typeof node.value === 'string')
}

/** The source with the change applied. */
export function applyMutant(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end)
}

/** Selects `count` elements spread evenly over the list, starting at a random offset. */
export function spreadSample<T>(list: readonly T[], count: number, random: () => number): T[] {
  const step = Math.max(1, list.length / count)
  const offset = random() * step
  return Array.from({ length: Math.min(count, list.length) }, (_, i) => list[Math.floor(offset + i * step)] as T)
}
