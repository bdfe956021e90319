import { days, hours, lastStage, officeHours, stage, text } from '../building-blocks.ts'
import type { ProcessTemplate } from '../process-template.ts'

const office = officeHours.code
const dangerous = { product: ['DG-*'] }

export const chemicalsTrade: ProcessTemplate = {
  name: text('化工贸易', 'Chemicals trade'),
  description: text(
    '化工贸易公司：信用审批、合规审核、采购、订仓与槽车、运输、到货验收、开票。',
    'Traders of chemicals: credit, compliance, purchase, tank or truck booking, transport, acceptance, invoice.',
  ),
  process: {
    code: 'chemicals-trade',
    name: text('化工购销', 'Chemicals order'),
    stages: [
      stage('contract', text('合同', 'Contract'), {
        targetMs: hours(8),
        calendar: office,
        department: 'Sales',
        stallAfterMs: hours(8),
      }),
      stage('credit', text('信用审批', 'Credit'), {
        targetMs: hours(4),
        calendar: office,
        department: 'Finance',
        stallAfterMs: hours(4),
        targets: [
          { when: { amount: { from: 1_000_000 } }, targetMs: hours(16) },
          { when: { customerClass: ['A'] }, targetMs: hours(2) },
        ],
        holdReasons: [{ name: text('等预付款', 'Waiting for prepayment'), maxMs: days(14) }],
      }),
      stage('compliance', text('合规审核', 'Compliance'), {
        targetMs: hours(8),
        calendar: office,
        department: 'Compliance',
        stallAfterMs: hours(8),
        targets: [{ when: dangerous, targetMs: hours(24) }],
        holdReasons: [
          { name: text('等安全技术说明书', 'Waiting for the safety data sheet'), maxMs: days(5) },
          { name: text('等危化品许可', 'Waiting for the permit'), maxMs: days(20) },
        ],
      }),
      stage('purchase', text('采购', 'Purchase'), {
        targetMs: hours(24),
        calendar: office,
        department: 'Purchasing',
        stallAfterMs: hours(16),
      }),
      stage('booking', text('订车订罐', 'Booking'), {
        targetMs: hours(12),
        cutOff: { enterBy: '11:00', leaveBy: '15:00', daysLater: 1 },
        calendar: office,
        department: 'Logistics',
        stallAfterMs: hours(8),
        targets: [{ when: dangerous, targetMs: hours(24) }],
      }),
      stage('loading', text('装货', 'Loading'), {
        targetMs: hours(24),
        department: 'Logistics',
        stallAfterMs: hours(12),
        holdReasons: [{ name: text('罐区排队', 'Queue at the terminal'), maxMs: days(2) }],
      }),
      stage('transport', text('运输', 'Transport'), {
        targetMs: days(3),
        promiseLeadMs: hours(12),
        department: 'Logistics',
        stallAfterMs: days(1),
      }),
      stage('acceptance', text('到货验收', 'Acceptance'), {
        targetMs: days(2),
        department: 'Quality',
        stallAfterMs: days(1),
      }),
      stage('invoice', text('开票', 'Invoice'), {
        targetMs: hours(16),
        calendar: office,
        department: 'Finance',
        stallAfterMs: hours(16),
      }),
      lastStage('closed', text('结单', 'Closed')),
    ],
    paths: [
      { from: 'credit', to: 'purchase', name: text('非危化品免审', 'Not dangerous') },
      { from: 'acceptance', to: 'purchase', name: text('质量异议换货', 'Replacement'), maxTimes: 1 },
    ],
    acceptsNewStages: false,
    goals: { onTimeRatio: 0.95, leadTimeMs: days(15) },
  },
  calendars: [officeHours],
  sample: {
    ordersPerDay: 9,
    pace: {
      contract: { medianHours: 4 },
      credit: { medianHours: 2.4, sigma: 0.6 },
      compliance: { medianHours: 6, sigma: 0.5 },
      purchase: { medianHours: 14 },
      booking: { medianHours: 6.5, sigma: 0.5 },
      loading: { medianHours: 14 },
      transport: { medianHours: 42, sigma: 0.35 },
      acceptance: { medianHours: 22 },
      invoice: { medianHours: 8 },
    },
    paths: { 'credit>purchase': 0.55, 'acceptance>purchase': 0.03 },
    products: ['DG-methanol', 'DG-toluene', 'polyethylene', 'titanium dioxide'],
    customers: ['Haiyue Coatings', 'Lindqvist Polymers', 'Jinsheng Plastics'],
  },
}
