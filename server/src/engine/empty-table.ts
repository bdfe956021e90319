import { GroupTable } from './group-table.ts'
import { StageTable } from './stage-table.ts'
import type { TablePlan, VisitTable } from './visit-table.ts'

export function emptyTable(plan: TablePlan): VisitTable {
  return plan.kind === 'stages' ? new StageTable() : new GroupTable(plan)
}
