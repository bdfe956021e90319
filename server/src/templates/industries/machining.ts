import { days, hours, lastStage, officeHours, stage, text, twoShifts } from '../building-blocks.ts'
import type { ProcessTemplate } from '../process-template.ts'

const office = officeHours.code
const shifts = twoShifts.code
const urgent = { priority: ['urgent'] }

export const machining: ProcessTemplate = {
  name: text('机械加工', 'Machining'),
  description: text(
    '按图加工的零件厂：工艺评审、备料、机加工、外协表面处理、检验、发货。',
    'Shops that make parts to drawings: review, material, machining, surface treatment outside, inspection, dispatch.',
  ),
  process: {
    code: 'machining',
    name: text('按图加工', 'Parts to drawing'),
    stages: [
      stage('placed', text('下单', 'Placed'), {
        targetMs: hours(2),
        calendar: office,
        department: 'Sales',
        stallAfterMs: hours(4),
      }),
      stage('engineering', text('工艺评审', 'Review'), {
        targetMs: hours(8),
        calendar: office,
        department: 'Engineering',
        stallAfterMs: hours(8),
        targets: [{ when: urgent, targetMs: hours(4) }],
        holdReasons: [
          { name: text('等客户确认图纸', 'Waiting for the drawing'), maxMs: days(5) },
          { name: text('等样件', 'Waiting for a sample'), maxMs: days(10) },
        ],
      }),
      stage('material', text('备料', 'Material'), {
        targetMs: hours(40),
        calendar: office,
        department: 'Purchasing',
        stallAfterMs: hours(16),
        targets: [{ when: urgent, targetMs: hours(16) }],
        holdReasons: [{ name: text('等供应商', 'Waiting for the supplier'), maxMs: days(14) }],
      }),
      stage('machining', text('机加工', 'Machining'), {
        targetMs: hours(48),
        calendar: shifts,
        department: 'Machine shop',
        warnAtRatio: 0.85,
        stallAfterMs: hours(16),
        targets: [{ when: urgent, targetMs: hours(24) }],
        holdReasons: [
          { name: text('设备故障', 'Machine down'), maxMs: days(3) },
          { name: text('等刀具', 'Waiting for tools'), maxMs: days(2) },
        ],
      }),
      stage('surface', text('表面处理', 'Surface'), {
        targetMs: days(4),
        department: 'Purchasing',
        stallAfterMs: days(2),
      }),
      stage('inspection', text('检验', 'Inspection'), {
        targetMs: hours(8),
        calendar: shifts,
        department: 'Quality',
        stallAfterMs: hours(8),
        targets: [{ when: urgent, targetMs: hours(4) }],
      }),
      stage('dispatch', text('发货', 'Dispatch'), {
        targetMs: hours(16),
        cutOff: { enterBy: '14:00', leaveBy: '17:00', daysLater: 1 },
        promiseLeadMs: days(1),
        calendar: office,
        department: 'Warehouse',
        stallAfterMs: hours(8),
      }),
      stage('transit', text('运输', 'In transit'), {
        targetMs: days(3),
        department: 'Warehouse',
        stallAfterMs: days(1),
      }),
      lastStage('delivered', text('签收', 'Delivered')),
    ],
    paths: [
      { from: 'machining', to: 'inspection', name: text('不需表面处理', 'No surface treatment') },
      { from: 'inspection', to: 'machining', name: text('不合格返工', 'Rework'), maxTimes: 2 },
    ],
    acceptsNewStages: false,
    goals: { onTimeRatio: 0.95, leadTimeMs: days(18) },
  },
  calendars: [officeHours, twoShifts],
  sample: {
    ordersPerDay: 14,
    pace: {
      placed: { medianHours: 0.9 },
      engineering: { medianHours: 4.5 },
      material: { medianHours: 24 },
      machining: { medianHours: 31 },
      surface: { medianHours: 66, sigma: 0.3 },
      inspection: { medianHours: 5.6, sigma: 0.5 },
      dispatch: { medianHours: 6 },
      transit: { medianHours: 38, sigma: 0.35 },
    },
    paths: { 'machining>inspection': 0.4, 'inspection>machining': 0.08 },
    products: ['shaft', 'flange', 'housing', 'bracket'],
    customers: ['Huachen Auto', 'Nordwind Pumps', 'Tianrui Robotics', 'Keller Hydraulics'],
  },
}
