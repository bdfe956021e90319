import type { SampleReport } from '../event-writer.ts'
import { simulatePlant } from '../simulate-plant.ts'
import type { PlantRun } from '../simulate-plant.ts'

/** All reports of the plant up to an instant. */
export function plantHistory(plant: PlantRun, until: number): SampleReport[] {
  const reports: SampleReport[] = []
  for (const report of simulatePlant(plant)) {
    if (report.reportedAt > until) break
    reports.push(report)
  }
  return reports
}
