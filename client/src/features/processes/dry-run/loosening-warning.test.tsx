import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { renderDesk } from '../../../components/testing/render-desk.tsx'
import { ProcessContext } from '../process-context.ts'
import { LooseningWarning } from './loosening-warning.tsx'

const hourMs = 3_600_000
const side = { breaches: 0, overdue: 0, atRisk: 0, stalled: 0 }
const total = { visits: 9, unjudged: 0, open: 0, live: side, draft: side, statusChanges: 0 }
const result = {
  from: 0,
  to: 1,
  orders: 9,
  endsOtherwise: false,
  stages: [{ stage: 'qc', p50Ms: 5.5 * hourMs, p90Ms: 12 * hourMs, ...total }],
  total,
  examples: [],
}
const process = {
  code: 'p',
  name: {},
  stages: [
    { ...plainStage('qc'), name: { zh: '质检', en: 'QC' } },
    { ...plainStage('ship'), name: { zh: '发货', en: 'Ship' } },
  ],
  acceptsNewStages: false,
  goals: {},
}
const editing = {
  asOf: 0,
  live: process,
  definition: process,
  dispatch: undefined,
  calendars: [],
  departments: [],
  nameOfDepartment: (text: string) => text,
  selected: {},
  select: () => undefined,
}

afterEach(cleanup)

it('a looser limit is reported once per stage with the actual dwell times; uncertain ones are listed separately', async () => {
  await renderDesk(
    <ProcessContext value={editing}>
      <LooseningWarning
        loosened={[
          { stage: 'qc', limit: 'targetMs', isCertain: true },
          { stage: 'qc', limit: 'calendar', isCertain: false },
          { stage: 'ship', limit: 'calendar', isCertain: false },
        ]}
        result={result}
      />
    </ProcessContext>,
    { language: 'zh' },
  )
  expect(screen.getByRole('note').textContent).toContain('放宽时限会让指标变好看，交付不会变快')
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    '质检真实停留中位数 5h 30m，P90 12h',
    '可能变宽，或只对部分订单变宽：发货',
  ])
})

it('there is no warning if no limit is looser', async () => {
  await renderDesk(
    <ProcessContext value={editing}>
      <LooseningWarning loosened={[]} result={result} />
    </ProcessContext>,
  )
  expect(screen.queryByRole('note')).toBeNull()
})
