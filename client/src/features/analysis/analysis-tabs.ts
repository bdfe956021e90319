import type { Texts } from '../../locales/texts.ts'

interface AnalysisTab {
  readonly path: string
  readonly text: `analysis.tab.${Extract<keyof Texts['analysis']['tab'], string>}`
}

/** The tabs of the page, each with its own path. */
export const analysisTabs = [
  { path: '/analysis', text: 'analysis.tab.time' },
  { path: '/analysis/flow', text: 'analysis.tab.flow' },
  { path: '/analysis/paths', text: 'analysis.tab.paths' },
  { path: '/analysis/outliers', text: 'analysis.tab.outliers' },
  { path: '/analysis/compare', text: 'analysis.tab.compare' },
  { path: '/analysis/approvals', text: 'analysis.tab.approvals' },
  { path: '/analysis/lag', text: 'analysis.tab.lag' },
] as const satisfies readonly AnalysisTab[]
