import type { DepartmentScope } from './access/department-scope.ts'
import type { LocalText } from './local-text.ts'

/** A department that a site manages. */
export interface Department {
  /** As events name it. It does not change when the department is renamed. */
  readonly key: string
  readonly name: LocalText
  /** Other texts by which events name it. Each text belongs to only one department. */
  readonly aliases: readonly string[]
  /** Id of the person. Undefined: nobody leads it. */
  readonly leadId?: string
  /** It is no longer offered for selection; its data is kept. */
  readonly archived: boolean
}

type Named = Pick<Department, 'key' | 'aliases'>

/** All texts by which events name the department. */
export function textsOf({ key, aliases }: Named): readonly string[] {
  return [key, ...aliases]
}

/** The department that a text of events names. Undefined: the text is not managed. */
export function departmentNamed<D extends Named>(departments: readonly D[], text: string): D | undefined {
  return departments.find(({ key, aliases }) => key === text || aliases.includes(text))
}

/** Maps texts of events to departments; a text that is not managed is a department of its own. */
export class DepartmentTexts {
  readonly #keys: ReadonlyMap<string, string>
  /** For each department with several texts all of them, the key first. */
  readonly merged: readonly (readonly string[])[]

  constructor(departments: readonly Named[] = []) {
    this.merged = departments.map(textsOf).filter(({ length }) => length > 1)
    this.#keys = new Map(this.merged.flatMap(([key = '', ...aliases]) => aliases.map((text) => [text, key] as const)))
  }

  /** The key of the department that a text names. */
  keyOf(text: string): string {
    return this.#keys.get(text) ?? text
  }

  /** The key of the department that all of the texts name. Undefined: they name several, or there are none. */
  onlyOf(texts: readonly string[] = []): string | undefined {
    const [key, ...others] = new Set(texts.map((text) => this.keyOf(text)))
    return others.length === 0 ? key : undefined
  }
}

/**
 * The scope with every text by which events name its departments, so that a scope covers a department under any of its
 * texts. Undefined: all departments.
 */
export function widenedScope(scope: DepartmentScope, departments: readonly Named[]): DepartmentScope {
  if (scope === undefined) return undefined
  const texts = scope.flatMap((text) => {
    const named = departmentNamed(departments, text)
    return named === undefined ? [text] : [text, ...textsOf(named)]
  })
  return [...new Set(texts)]
}

/**
 * The departments after one has been merged into another, which keeps its own key and name. The key of the merged one
 * becomes an alias, so that permissions for it cover both.
 * @returns Undefined if one of the keys is not that of a department, or if both are the same.
 */
export function mergedDepartments(
  departments: readonly Department[],
  key: string,
  into: string,
): readonly Department[] | undefined {
  const ended = departments.find((one) => one.key === key)
  if (ended === undefined || key === into || !departments.some((one) => one.key === into)) return undefined
  return departments
    .filter((one) => one !== ended)
    .map((one) => (one.key === into ? { ...one, aliases: [...one.aliases, ...textsOf(ended)] } : one))
}
