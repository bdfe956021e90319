import { stripTypeScriptTypes } from 'node:module'
import { posix } from 'node:path'
import { parseSync, Visitor, type ESTree } from 'vite'

export interface CompiledModule {
  /** JavaScript whose lines are those of the source, and whose specifiers end in `.js`. */
  readonly code: string
  /** Files that the module imports or starts as a thread, as paths from the root of the repository. */
  readonly files: readonly string[]
  /** Names of the packages from a registry that it imports. */
  readonly packages: readonly string[]
}

/**
 * Compiles a module of the server like Node runs it, by replacing its types with spaces: stack traces point to the
 * lines of the source. Packages of this workspace become relative paths.
 * @param file path from the root of the repository, with slashes.
 * @throws Error if the module asks for a file in a way that is not understood.
 */
export function compileModule(file: string, source: string): CompiledModule {
  const code = stripTypeScriptTypes(source)
  const { program, errors } = parseSync(file, code, { lang: 'js' })
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message ?? 'cannot be parsed'}`)
  const files = new Set<string>()
  const packages = new Set<string>()
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = []

  const refer = ({ start, end }: ESTree.Span, target: string): void => {
    files.add(target)
    const path = posix.relative(posix.dirname(file), target).replace(/\.ts$/, '.js')
    edits.push({ start, end, text: `'${path.startsWith('.') ? path : `./${path}`}'` })
  }
  const importFrom = (specifier: ESTree.Expression | null): void => {
    if (specifier === null) return
    const name = textOf(specifier)
    if (name === undefined) throw new Error(`${file}: import() of a name that is computed`)
    const target = sourceFile(file, name)
    if (target !== undefined) refer(specifier, target)
    else if (!name.startsWith('node:')) packages.add(packageOf(name))
  }
  new Visitor({
    ImportDeclaration: ({ source: from }) => importFrom(from),
    ExportNamedDeclaration: ({ source: from }) => importFrom(from),
    ExportAllDeclaration: ({ source: from }) => importFrom(from),
    ImportExpression: ({ source: from }) => importFrom(from),
    NewExpression({ callee, arguments: [path] }) {
      if (callee.type !== 'Identifier' || callee.name !== 'URL' || path === undefined) return
      const name = path.type === 'Literal' ? textOf(path) : undefined
      if (name?.endsWith('.ts') === true) refer(path, posix.join(posix.dirname(file), name))
    },
  }).visit(program)

  return { code: applied(code, edits), files: [...files], packages: [...packages] }
}

function textOf(node: ESTree.Expression): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

/** The file of this repository that a specifier names; undefined for a package of a registry and of Node. */
function sourceFile(importer: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(importer), specifier)
  const [, name, path] = /^@stagewatch\/(\w+)\/(.+)$/.exec(specifier) ?? []
  return name === undefined || path === undefined ? undefined : `${name}/src/${path}`
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Edits from the last one to the first, so that the positions of the others stay valid. */
function applied(
  code: string,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
) {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code)
}
