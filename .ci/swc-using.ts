import { Visitor } from '@swc/core/Visitor.js'

const { visitStatement } = Visitor.prototype

/**
 * Works around the visitor of swc, which dependency-cruiser uses and which throws at `using`: treats it like `const`.
 */
export function teachUsing(): void {
  Visitor.prototype.visitStatement = function visit(this: Visitor, statement) {
    const type: string = statement.type
    if (type !== 'UsingDeclaration') return visitStatement.call(this, statement)
    if ('decls' in statement && Array.isArray(statement.decls)) this.visitVariableDeclarators(statement.decls)
    return statement
  }
}
