import { days, hours, lastStage, minutes, officeHours, stage, text, warehouseHours } from '../building-blocks.ts'
import type { ProcessTemplate } from '../process-template.ts'

const office = officeHours.code
const warehouse = warehouseHours.code
const keyAccount = { customerClass: ['KA'] }

export const consumerGoods: ProcessTemplate = {
  name: text('快消品', 'Consumer goods'),
  description: text(
    '向经销商和商超配送：订单审核、配货、拣货、装车、配送、签收、回单。',
    'Deliveries to dealers and retail chains: check, allocation, picking, loading, delivery, proof of delivery.',
  ),
  process: {
    code: 'consumer-goods',
    name: text('经销配送', 'Dealer delivery'),
    stages: [
      stage('received', text('接单', 'Received'), {
        targetMs: minutes(30),
        calendar: office,
        department: 'Sales',
        stallAfterMs: hours(2),
      }),
      stage('check', text('订单审核', 'Check'), {
        targetMs: hours(2),
        calendar: office,
        department: 'Finance',
        stallAfterMs: hours(3),
        holdReasons: [
          { name: text('超信用额度', 'Over the credit limit'), maxMs: days(3) },
          { name: text('价格待确认', 'Price to be confirmed'), maxMs: days(1) },
        ],
      }),
      stage('allocation', text('配货', 'Allocation'), {
        targetMs: hours(3),
        calendar: warehouse,
        department: 'Planning',
        stallAfterMs: hours(4),
        holdReasons: [{ name: text('缺货', 'Out of stock'), maxMs: days(5) }],
      }),
      stage('picking', text('拣货', 'Picking'), {
        targetMs: hours(4),
        calendar: warehouse,
        department: 'Warehouse',
        stallAfterMs: hours(4),
        targets: [{ when: keyAccount, targetMs: hours(3) }],
      }),
      stage('loading', text('装车', 'Loading'), {
        cutOff: { enterBy: '16:00', leaveBy: '19:00' },
        calendar: warehouse,
        department: 'Warehouse',
        stallAfterMs: hours(4),
      }),
      stage('delivery', text('配送', 'Delivery'), {
        targetMs: days(2),
        promiseLeadMs: 0,
        department: 'Transport',
        stallAfterMs: hours(18),
        targets: [{ when: keyAccount, targetMs: days(1) }],
      }),
      stage('receipt', text('回单', 'Receipt'), {
        targetMs: days(3),
        department: 'Transport',
        stallAfterMs: days(2),
      }),
      lastStage('closed', text('完成', 'Closed')),
    ],
    paths: [{ from: 'delivery', to: 'loading', name: text('拒收再送', 'Second attempt'), maxTimes: 1 }],
    acceptsNewStages: false,
    goals: { onTimeRatio: 0.97, leadTimeMs: days(6) },
  },
  calendars: [officeHours, warehouseHours],
  sample: {
    ordersPerDay: 45,
    pace: {
      received: { medianHours: 0.25 },
      check: { medianHours: 1, sigma: 0.6 },
      allocation: { medianHours: 1.4 },
      picking: { medianHours: 2.2 },
      loading: { medianHours: 2 },
      delivery: { medianHours: 24, sigma: 0.5 },
      receipt: { medianHours: 40, sigma: 0.4 },
    },
    paths: { 'delivery>loading': 0.04 },
    products: ['drinks', 'snacks', 'detergent', 'dairy'],
    customers: ['Yonghui', 'RT-Mart', 'Dealer East', 'Dealer South', 'Corner shops'],
  },
}
