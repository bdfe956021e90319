import { Visitor } from '@swc/core/Visitor.js'

const { visitStatement } = Visitor.prototype

/** The visitor of swc, through which dependency-cruiser reads, throws at `using`, which declares as `const` does. */
export function teachUsing(): void {
  Visitor.prototype.visitStatement = function visit(this: Visitor, statement) {
    const type: string = statement.type
    if (type !== 'UsingDeclaration') return visitStatement.call(this, statement)
    if ('decls' in statement && Array.isArray(statement.decls)) this.visitVariableDeclarators(statement.decls)
    return statement
  }
}
